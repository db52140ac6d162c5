-- one row a fault of a deal
-- one day is what time zones do, and is only warned of
select record, line, 'closed_at' as column_name, closed_at::varchar as value, 'close_before_create' as reason
from typed_rows
where closed_at::date < created_at::date - 1
union all
-- sums of squares are exact decimals, which have an end
select record, line, 'amount', amount::varchar, 'absurd_number'
from typed_rows
where abs(amount) >= 1e13
