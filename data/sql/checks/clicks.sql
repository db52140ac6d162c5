-- one row a fault of a click
select record, line, 'clicked_at' as column_name, clicked_at::varchar as value, 'future_date' as reason
from typed_rows
where clicked_at >= $limit
