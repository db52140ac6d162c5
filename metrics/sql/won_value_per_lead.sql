-- one row a segment, week of entry, age in whole weeks at the closing and currency: won deals, the sum of their amounts and
-- of the squares; rows without an age count the leads that entered
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
        cast(date_trunc('week', unit.created_at) as date) as cohort_week
    from facts.leads as unit
    where unit.workflow = $workflow and cast(unit.created_at as date) <= $through
),
won as (
    select
        lead_id,
        cast(closed_at as date) as closed_on,
        currency,
        cast(amount as decimal(18, 2)) as amount
    from facts.deals
    where stage = 'won' and amount is not null and cast(closed_at as date) <= $through
)
select
    segment,
    cohort_week,
    cast(null as integer) as age,
    cast(null as varchar) as currency,
    count(*) as units,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as amount_squared
from entered
group by all
union all
select
    entered.segment,
    entered.cohort_week,
    greatest(date_diff('week', entered.cohort_week, cast(date_trunc('week', won.closed_on) as date)), 0) as age,
    won.currency,
    count(*) as units,
    sum(won.amount) as amount,
    sum(won.amount * won.amount) as amount_squared
from entered
inner join won on entered.unit_id = won.lead_id
group by all
order by all
