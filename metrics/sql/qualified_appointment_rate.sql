-- one row a segment, week of entry and age in whole weeks at the first qualified appointment held; no age: none by then
with entered as (
    select
        unit.lead_id as unit_id,
        coalesce(
            case $segment
                when '' then 'all'
                when 'channel' then unit.channel
                when 'region' then unit.region
                when 'segment' then unit.segment
                when 'owner' then unit.owner
                else unit.attributes[$segment]
            end,
            'unknown'
        ) as segment,
        cast(date_trunc('week', unit.created_at) as date) as cohort_week,
        1 as units
    from facts.leads as unit
    where unit.workflow = $workflow and cast(unit.created_at as date) <= $through
),
happened as (
    select lead_id as unit_id, min(cast(held_at as date)) as happened_on
    from facts.appointments
    where qualified and status = 'held' and cast(held_at as date) <= $through
    group by lead_id
)
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
