-- one row a fault of a conversation
select record, line, 'held_at' as column_name, held_at::varchar as value, 'future_date' as reason
from typed_rows
where held_at >= $limit
