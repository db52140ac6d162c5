-- one row a row of the export that went into the first row of its message
create or replace temp table folded as
select typed_rows.record, typed_rows.line
from typed_rows
anti join (select distinct record from faults) as faulty on typed_rows.record = faulty.record
anti join messages on typed_rows.record = messages.record
