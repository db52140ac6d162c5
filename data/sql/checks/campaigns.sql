-- one row a fault of a mailing
select record, line, 'recipients' as column_name, recipients::varchar as value, 'negative_count' as reason
from typed_rows
where recipients < 0
union all
select record, line, 'delivered', delivered::varchar, 'negative_count'
from typed_rows
where delivered < 0
union all
select record, line, 'unique_opens', unique_opens::varchar, 'negative_count'
from typed_rows
where unique_opens < 0
union all
select record, line, 'unique_clicks', unique_clicks::varchar, 'negative_count'
from typed_rows
where unique_clicks < 0
union all
select record, line, 'unsubscribes', unsubscribes::varchar, 'negative_count'
from typed_rows
where unsubscribes < 0
union all
select record, line, 'unique_opens', unique_opens::varchar, 'opens_over_delivered'
from typed_rows
where unique_opens > delivered and delivered >= 0
union all
select record, line, 'open_rate', open_rate::varchar, 'rate_over_100'
from typed_rows
where open_rate > 1
union all
select record, line, 'click_rate', click_rate::varchar, 'rate_over_100'
from typed_rows
where click_rate > 1
union all
select record, line, 'open_rate', open_rate::varchar, 'negative_count'
from typed_rows
where open_rate < 0
union all
select record, line, 'click_rate', click_rate::varchar, 'negative_count'
from typed_rows
where click_rate < 0
