-- one row a run of records up to and with one that may be a total: that one with its numbers, and the sums of the others
select
    any_value(record) filter (is_candidate) as record,
    any_value(line) filter (is_candidate) as line,
    coalesce(any_value(is_named), false) as is_named,
    any_value(word) as word,
    count(*) filter (not is_candidate) as others,
    {own},
    {sums}
from (
    select
        typed_rows.*,
        may_be_totals.is_named,
        may_be_totals.word,
        may_be_totals.record is not null as is_candidate,
        count(may_be_totals.record) over (
            order by typed_rows.record rows between current row and unbounded following
        ) as runs_left
    from typed_rows
    left join may_be_totals on typed_rows.record = may_be_totals.record
)
group by runs_left
order by runs_left desc
