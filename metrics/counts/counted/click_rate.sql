-- one row a role (delivered, undelivered, mailing exported as totals), segment, week of sending and age in whole weeks at the
-- first click; members: rows behind it
with messages as (
    select
        case when unit.delivered_at is not null then 'delivered' else 'undelivered' end as role,
        coalesce(
            case $segment
                when '' then 'all'
                when 'variant' then unit.variant
                else unit.attributes[$segment]
            end,
            'unknown'
        ) as segment,
        cast(date_trunc('week', unit.sent_at) as date) as cohort_week,
        case
            when unit.clicked_at is not null
                then greatest(
                    date_diff('week', cast(date_trunc('week', unit.sent_at) as date), cast(date_trunc('week', unit.clicked_at) as date)),
                    0
                )
        end as age
    from facts.emails as unit
    where unit.workflow = $workflow
),
mailings as (
    select
        coalesce(
            case $segment
                when '' then 'all'
                when 'variant' then unit.variant
                else unit.attributes[$segment]
            end,
            'unknown'
        ) as segment,
        cast(date_trunc('week', unit.sent_at) as date) as cohort_week,
        cast(coalesce(unit.delivered, unit.recipients) as bigint) as delivered,
        cast(unit.unique_clicks as bigint) as counted
    from facts.campaigns as unit
    where
        unit.workflow = $workflow
        and coalesce(unit.delivered, unit.recipients) > 0
        and unit.unique_clicks is not null
),
together as (
    select role, segment, cohort_week, age, 1 as units from messages
    union all
    select 'mailing' as role, segment, cohort_week, 0 as age, least(counted, delivered) as units from mailings
    union all
    select 'mailing' as role, segment, cohort_week, null as age, greatest(delivered - counted, 0) as units from mailings
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
