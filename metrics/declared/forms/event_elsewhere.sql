-- one row a segment, week of entry and age in whole weeks at the first event; no age: none by then
with entered as (
    select
        unit.{key} as unit_id,
        {segment} as segment,
        cast(date_trunc('week', unit.{at}) as date) as cohort_week,
        1 as units
    from facts.{template} as unit
    where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
),
happened as (
{happened})
select
    entered.segment,
    entered.cohort_week,
    case
        when happened.happened_on is not null
            then greatest(
                date_diff('week', entered.cohort_week, cast(date_trunc('week', happened.happened_on) as date)), 0
            )
    end as age,
    cast(sum(entered.units) as bigint) as units
from entered
left join happened on entered.unit_id = happened.unit_id
group by all
order by all
