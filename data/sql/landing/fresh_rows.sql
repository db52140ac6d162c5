-- one row a row of the file that would be new
create or replace temp table fresh_rows as
select typed_rows.record
from typed_rows
anti join matches on typed_rows.record = matches.record
anti join (
    select record from faults
    union all
    select record from doubles where outcome <> 'kept'
) as dropped on typed_rows.record = dropped.record
where typed_rows.is_retired is not true
