-- one row a fault of an asset
select record, line, 'published_at' as column_name, published_at::varchar as value, 'future_date' as reason
from typed_rows
where published_at >= $limit
union all
select record, line, 'cost', cost::varchar, 'negative_cost'
from typed_rows
where cost < 0
union all
-- sums of squares are exact decimals, which have an end
select record, line, 'cost', cost::varchar, 'absurd_number'
from typed_rows
where abs(cost) >= 1e13
