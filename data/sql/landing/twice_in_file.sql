-- one row: of a sample of the rows that would be new (by their times and numbers), how many there are, how many say what exactly
-- one other says, and two of these pairs
with here as (
    select said, count(*) as row_count, min(row_key) as first_key, max(row_key) as last_key
    from (
        select hash({said}) as said, {key} as row_key
        from typed_rows
        inner join fresh_rows on typed_rows.record = fresh_rows.record
        where hash({sampled_by}) % $every::ubigint = 0
    )
    group by said
)

select
    coalesce(sum(row_count), 0) as row_count,
    coalesce(sum(row_count) filter (row_count = 2), 0) as doubled,
    list(first_key order by first_key) filter (row_count = 2)[1:2] as here,
    list(last_key order by first_key) filter (row_count = 2)[1:2] as there
from here
