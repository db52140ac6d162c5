-- one row a segment and week: rows that happened in it
select
    {segment} as segment,
    cast(date_trunc('week', unit.{at}) as date) as cohort_week,
    count(*) as units
from facts.{template} as unit{parent}
where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
group by all
order by all
