-- one row a message, and one a row that can't be read
create or replace temp table typed_rows as
select record, line, attributes, {columns}, modified_at, is_retired, unread
from typed_rows
semi join (select distinct record from faults) as faulty on typed_rows.record = faulty.record
union all
select record, line, attributes, {columns}, modified_at, is_retired, unread
from messages
