-- one row a week of entry, age in whole weeks at which the first e-mail was delivered (sent, where delivery isn't recorded), age
-- at the first click (none: not by then), age at the outcome (none: not by then): leads that got an e-mail
with entered as (
    select
        unit.lead_id,
        cast(date_trunc('week', unit.created_at) as date) as cohort_week
    from facts.leads as unit
    where unit.workflow = $workflow and cast(unit.created_at as date) <= $through
),
mailed as (
    select
        unit.lead_id,
        min(cast(coalesce(unit.delivered_at, unit.sent_at) as date)) as mailed_on,
        min(
            case
                when cast(unit.clicked_at as date) <= $through
                    then cast(unit.clicked_at as date)
            end
        ) as answered_on
    from facts.emails as unit
    where cast(coalesce(unit.delivered_at, unit.sent_at) as date) <= $through
    group by unit.lead_id
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
    date_diff('week', entered.cohort_week, cast(date_trunc('week', mailed.mailed_on) as date)) as since_age,
    date_diff('week', entered.cohort_week, cast(date_trunc('week', mailed.answered_on) as date)) as yes_age,
    cast(null as integer) as bucket,
    case
        when happened.happened_on is not null
            then greatest(date_diff('week', entered.cohort_week, cast(date_trunc('week', happened.happened_on) as date)), 0)
    end as outcome_age,
    count(*) as units
from entered
inner join mailed on entered.lead_id = mailed.lead_id
left join happened on entered.lead_id = happened.lead_id
group by all
order by all
