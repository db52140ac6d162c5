-- one row a fault of an appointment: what has happened can't lie in the future (a booked meeting may)
select record, line, 'booked_at' as column_name, booked_at::varchar as value, 'future_date' as reason
from typed_rows
where booked_at >= $limit
union all
select record, line, 'held_at', held_at::varchar, 'future_date'
from typed_rows
where held_at >= $limit and status in ('held', 'no_show')
union all
select record, line, 'held_at', null, 'missing_value'
from typed_rows
where held_at is null and coalesce(status, 'held') = 'held'
