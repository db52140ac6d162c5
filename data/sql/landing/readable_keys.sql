-- one row a key of the rows that can be written
select {key}
from typed_rows
anti join (
    select record from faults
    union all
    select record from doubles where outcome <> 'kept'
) as dropped on typed_rows.record = dropped.record
