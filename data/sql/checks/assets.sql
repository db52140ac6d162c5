-- one row a fault of an asset
select record, line, 'cost' as column_name, cost::varchar as value, 'negative_cost' as reason
from typed_rows
where cost < 0
union all
-- sums of squares are exact decimals, which have an end
select record, line, 'cost', cost::varchar, 'absurd_number'
from typed_rows
where abs(cost) >= 1e13
