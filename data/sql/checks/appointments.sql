-- one row a fault of an appointment: what was held can't lie in the future (a booked meeting may)
select record, line, 'held_at' as column_name, held_at::varchar as value, 'future_date' as reason
from typed_rows
where held_at >= $limit and status in ('held', 'no_show')
union all
select record, line, 'held_at', null, 'missing_value'
from typed_rows
where held_at is null and coalesce(status, 'held') = 'held'
