-- one row a week of entry, age at the first e-mail, age at the first click (none: never), age at the outcome (none: never) and
-- whether they can be told by their weeks alone: not where an e-mail sent after others is said to have its click before it
with entered as (
    select
        unit.lead_id,
        cast(date_trunc('week', unit.created_at) as date) as cohort_week
    from facts.leads as unit
    where unit.workflow = $workflow and unit.created_at is not null
),
messages as (
    select
        unit.lead_id,
        cast(coalesce(unit.delivered_at, unit.sent_at) as date) as mailed_on,
        case when unit.clicked_at is not null then cast(unit.clicked_at as date) end as answered_on
    from facts.emails as unit
    where coalesce(unit.delivered_at, unit.sent_at) is not null and unit.lead_id is not null
),
mailed as (
    select
        lead_id,
        cast(date_trunc('week', min(mailed_on)) as date) as mailed_week,
        cast(date_trunc('week', min(answered_on)) as date) as answered_week,
        cast(
            date_trunc(
                'week',
                struct_extract(
                    min(case when answered_on is not null then {'answered_on': answered_on, 'mailed_on': mailed_on} end),
                    'mailed_on'
                )
            ) as date
        ) as asked_week
    from messages
    group by lead_id
),
happened as (
    select lead_id, min(happened_on) as happened_on
    from (
        select lead_id, cast(closed_at as date) as happened_on
        from facts.deals
        where $outcome = 'close_rate' and stage = 'won' and closed_at is not null
        union all
        select lead_id, cast(held_at as date) as happened_on
        from facts.appointments
        where
            $outcome = 'qualified_appointment_rate'
            and qualified
            and status = 'held'
            and held_at is not null
    ) as outcomes
    group by lead_id
)
select
    entered.cohort_week,
    date_diff('week', entered.cohort_week, mailed.mailed_week) as since_age,
    date_diff('week', entered.cohort_week, mailed.answered_week) as yes_age,
    cast(null as integer) as bucket,
    case
        when happened.happened_on is not null
            then greatest(date_diff('week', entered.cohort_week, cast(date_trunc('week', happened.happened_on) as date)), 0)
    end as outcome_age,
    coalesce(mailed.asked_week <= greatest(mailed.mailed_week, mailed.answered_week), true) as is_plain,
    count(*) as units
from entered
inner join mailed on entered.lead_id = mailed.lead_id
left join happened on entered.lead_id = happened.lead_id
group by all
