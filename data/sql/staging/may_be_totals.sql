-- one row a record that is named like a total, perhaps one, or told apart by nothing: its key or its moment is blank.
-- Most keys are no words at all, which is seen more cheaply than what they are called
create or replace temp table may_be_totals as
select named.record, bool_or(named.is_named) as is_named, any_value(named.word) as word
from (
    select record, regexp_full_match(word, $total) as is_named, word
    from ({words})
    semi join typed_rows using (record)
    where regexp_full_match(word, $total) or regexp_full_match(word, $perhaps)
    union all
    select record, false, null
    from faults
    where cells.known(value) is null and reason in ('missing_id', 'missing_value')
) as named
group by named.record
