-- one row a deal of the export: the closing date of an open deal is a hope, not an event, and is not kept
select * replace (case when stage <> 'open' then closed_at end as closed_at)
from typed
