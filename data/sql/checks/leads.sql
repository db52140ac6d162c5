-- one row a fault of a lead
select record, line, 'created_at' as column_name, created_at::varchar as value, 'future_date' as reason
from typed_rows
where created_at >= $limit
union all
-- sums of squares are exact decimals, which have an end
select record, line, 'score', score::varchar, 'absurd_number'
from typed_rows
where abs(score) >= 1e10
