-- one row a record that is named like a total, perhaps one, or told apart by nothing: its key or its moment is blank
create or replace temp table may_be_totals as
select named.record, bool_or(named.is_named) as is_named, any_value(named.word) as word
from (
    select typed_rows.record, regexp_full_match(words.word, $total) as is_named, words.word
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    cross join unnest([{words}]) as words (word)
    where regexp_full_match(words.word, $total) or regexp_full_match(words.word, $perhaps)
    union all
    select record, false, null
    from faults
    where cells.known(value) is null and reason in ('missing_id', 'missing_value')
) as named
group by named.record
