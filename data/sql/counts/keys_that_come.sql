-- one row a key of the rows that are about to be written
create or replace temp table kept_keys as
select distinct {key}
from typed_rows
anti join (
    select record from faults
    union all
    select record from doubles where outcome <> 'kept'
) as dropped on typed_rows.record = dropped.record
