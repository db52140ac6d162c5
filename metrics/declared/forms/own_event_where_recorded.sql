-- one row a segment, week of entry and age in whole weeks at the event; no age: none by then. Units, and rows that hold the
-- totals of many: their events count in the week of entry
with records as (
    select count(unit.{recorded}) > 0 as is_recorded
    from facts.{template} as unit
    where unit.workflow = $workflow
),
together as (
    select
        {segment} as segment,
        cast(date_trunc('week', unit.{at}) as date) as cohort_week,
        case when {happened} then {age} end as age,
        1 as units
    from facts.{template} as unit
    cross join records
    where
        unit.workflow = $workflow
        and cast(unit.{at} as date) <= $through
        and (unit.{recorded} is not null or not records.is_recorded){where}{totals}
)
select segment, cohort_week, age, cast(sum(units) as bigint) as units
from together
group by all
order by all
