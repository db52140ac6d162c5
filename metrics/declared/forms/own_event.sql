-- one row a segment, week of entry and age in whole weeks at the event in the unit's own row; no age: none by then
select
    {segment} as segment,
    cast(date_trunc('week', unit.{at}) as date) as cohort_week,
    case when {happened} then {age} end as age,
    count(*) as units
from facts.{template} as unit
where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
group by all
order by all
