-- one row an age in whole weeks at the first qualified appointment held (none: not by then) and an age at the first won deal
-- (none: not by then): leads that entered from $first on
with entered as (
    select
        unit.lead_id,
        cast(date_trunc('week', unit.created_at) as date) as cohort_week
    from facts.leads as unit
    where
        unit.workflow = $workflow
        and cast(unit.created_at as date) >= $first
        and cast(unit.created_at as date) <= $through
),
appointed as (
    select lead_id, min(cast(held_at as date)) as happened_on
    from facts.appointments
    where qualified and status = 'held' and cast(held_at as date) <= $through
    group by lead_id
),
won as (
    select lead_id, min(cast(closed_at as date)) as happened_on
    from facts.deals
    where stage = 'won' and cast(closed_at as date) <= $through
    group by lead_id
)
select
    case
        when appointed.happened_on is not null
            then greatest(
                date_diff('week', entered.cohort_week, cast(date_trunc('week', appointed.happened_on) as date)), 0
            )
    end as appointment_age,
    case
        when won.happened_on is not null
            then greatest(date_diff('week', entered.cohort_week, cast(date_trunc('week', won.happened_on) as date)), 0)
    end as deal_age,
    count(*) as units
from entered
left join appointed on entered.lead_id = appointed.lead_id
left join won on entered.lead_id = won.lead_id
group by all
order by all
