-- one row a week of entry, age in whole weeks at the first answer (none: not by then), bucket of its minutes and age at the
-- outcome (none: not by then). Bucket b holds [exp(b / 24) - 1, exp((b + 1) / 24) - 1) minutes
with entered as (
    select
        unit.lead_id,
        cast(date_trunc('week', unit.created_at) as date) as cohort_week,
        case
            when cast(unit.first_response_at as date) <= $through
                then greatest(unit.first_response_at, unit.created_at)
        end as answered_at,
        unit.created_at
    from facts.leads as unit
    where unit.workflow = $workflow and cast(unit.created_at as date) <= $through
),
happened as (
    select lead_id, min(happened_on) as happened_on
    from (
        select lead_id, cast(closed_at as date) as happened_on
        from facts.deals
        where $outcome = 'close_rate' and stage = 'won' and cast(closed_at as date) <= $through
        union all
        select lead_id, cast(held_at as date) as happened_on
        from facts.appointments
        where
            $outcome = 'qualified_appointment_rate'
            and qualified
            and status = 'held'
            and cast(held_at as date) <= $through
    ) as outcomes
    group by lead_id
)
select
    entered.cohort_week,
    0 as since_age,
    date_diff('week', entered.cohort_week, cast(date_trunc('week', entered.answered_at) as date)) as yes_age,
    cast(
        floor(24 * ln(1 + cast(date_diff('second', entered.created_at, entered.answered_at) as double) / 60)) as integer
    ) as bucket,
    case
        when happened.happened_on is not null
            then greatest(date_diff('week', entered.cohort_week, cast(date_trunc('week', happened.happened_on) as date)), 0)
    end as outcome_age,
    count(*) as units
from entered
left join happened on entered.lead_id = happened.lead_id
group by all
order by all
