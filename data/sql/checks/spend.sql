-- one row a fault of a row of spend
select record, line, 'cost' as column_name, cost::varchar as value, 'negative_cost' as reason
from typed_rows
where cost < 0
union all
select record, line, 'impressions', impressions::varchar, 'negative_count'
from typed_rows
where impressions < 0
union all
select record, line, 'clicks', clicks::varchar, 'negative_count'
from typed_rows
where clicks < 0
union all
select record, line, 'visits', visits::varchar, 'negative_count'
from typed_rows
where visits < 0
