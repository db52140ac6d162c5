-- one row a fault of a review
select record, line, 'reviewed_at' as column_name, reviewed_at::varchar as value, 'future_date' as reason
from typed_rows
where reviewed_at >= $limit
