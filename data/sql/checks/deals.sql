-- one row a fault of a deal
select record, line, 'created_at' as column_name, created_at::varchar as value, 'future_date' as reason
from typed_rows
where created_at >= $limit
union all
select record, line, 'closed_at', closed_at::varchar, 'future_date'
from typed_rows
where closed_at >= $limit
union all
-- one day is what time zones do, and is only warned of
select record, line, 'closed_at', closed_at::varchar, 'close_before_create'
from typed_rows
where closed_at::date < created_at::date - 1
union all
-- sums of squares are exact decimals, which have an end
select record, line, 'amount', amount::varchar, 'absurd_number'
from typed_rows
where abs(amount) >= 1e13
