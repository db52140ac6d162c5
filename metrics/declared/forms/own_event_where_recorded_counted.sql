-- one row a role (recorded, not recorded, totals of many units), segment, week of entry and age in whole weeks at the event;
-- members: rows behind it
with together as (
    select
        case when unit.{recorded} is not null then 'recorded' else 'unrecorded' end as role,
        {segment} as segment,
        cast(date_trunc('week', unit.{at}) as date) as cohort_week,
        case when {happened} then {age} end as age,
        1 as units
    from facts.{template} as unit
    where unit.workflow = $workflow and unit.{at} is not null{where}{totals}
)
select
    role,
    segment,
    cohort_week,
    age,
    cast(sum(units) as bigint) as units,
    count(*) as members
from together
group by all
