-- one row a source, workflow and day on which something happened, up to $through: what freshness and completeness rest on
with moments as (
{every_event}
)
select source, workflow, day, count(*) as events
from moments
where day <= $through
group by all
order by all
