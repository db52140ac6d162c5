-- one row a fault of a row of spend
select record, line, 'spent_on' as column_name, spent_on::varchar as value, 'future_date' as reason
from typed_rows
where spent_on >= $limit
union all
select record, line, 'cost', cost::varchar, 'negative_cost'
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
