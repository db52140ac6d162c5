-- one row a source, workflow and day
select
    source,
    workflow,
    day,
    cast(sum(events) as bigint) as events
from {counts}
where day <= $through
group by all
having sum(events) <> 0
order by all
