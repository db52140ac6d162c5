-- one row a week of entry, whether fewer than half of that week's scored leads have a higher score (-1: known from the start;
-- none: not so) and age at the outcome (none: not by then): leads with a score
with entered as (
    select
        unit.lead_id,
        cast(date_trunc('week', unit.created_at) as date) as cohort_week,
        unit.score
    from facts.leads as unit
    where
        unit.workflow = $workflow and cast(unit.created_at as date) <= $through and unit.score is not null
),
ranked as (
    select
        lead_id,
        cohort_week,
        2 * (rank() over (partition by cohort_week order by score desc) - 1)
        < count(*) over (partition by cohort_week) as is_high
    from entered
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
    ranked.cohort_week,
    -1 as since_age,
    case when ranked.is_high then -1 end as yes_age,
    cast(null as integer) as bucket,
    case
        when happened.happened_on is not null
            then greatest(date_diff('week', ranked.cohort_week, cast(date_trunc('week', happened.happened_on) as date)), 0)
    end as outcome_age,
    count(*) as units
from ranked
left join happened on ranked.lead_id = happened.lead_id
group by all
order by all
