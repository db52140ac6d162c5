-- one row a segment, week of sending and age in whole weeks at the first open; no age: none by then. E-mails, and mailings
-- that were exported as totals: their opens count in the week of sending
with records_delivery as (
    select count(delivered_at) > 0 as is_recorded
    from facts.emails
    where workflow = $workflow
),
messages as (
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
        case
            when cast(unit.opened_at as date) <= $through and not coalesce(unit.machine_open, false)
                then greatest(
                    date_diff('week', cast(date_trunc('week', unit.sent_at) as date), cast(date_trunc('week', unit.opened_at) as date)),
                    0
                )
        end as age,
        1 as units
    from facts.emails as unit
    cross join records_delivery
    where
        unit.workflow = $workflow
        and cast(unit.sent_at as date) <= $through
        and (unit.delivered_at is not null or not records_delivery.is_recorded)
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
        cast(unit.unique_opens as bigint) as counted
    from facts.campaigns as unit
    where
        unit.workflow = $workflow
        and cast(unit.sent_at as date) <= $through
        and coalesce(unit.delivered, unit.recipients) > 0
        and unit.unique_opens is not null
),
together as (
    select segment, cohort_week, age, units from messages
    union all
    select segment, cohort_week, 0 as age, least(counted, delivered) as units from mailings
    union all
    select segment, cohort_week, null as age, greatest(delivered - counted, 0) as units from mailings
)
select segment, cohort_week, age, cast(sum(units) as bigint) as units
from together
group by all
order by all
