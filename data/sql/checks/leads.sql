-- one row a fault of a lead: created after the day the export can know of
select record, line, 'created_at' as column_name, created_at::varchar as value, 'future_date' as reason
from typed_rows
where created_at >= $limit
