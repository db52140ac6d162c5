-- one row a fault of a message
select record, line, 'sent_at' as column_name, sent_at::varchar as value, 'future_date' as reason
from typed_rows
where sent_at >= $limit
