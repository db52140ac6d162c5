-- one row a segment, week of entry, age in whole weeks at the event and currency: events with an amount, the sum of their
-- amounts and of the squares; rows without an age count the units that entered
with entered as (
    select
        unit.{key} as unit_id,
        {segment} as segment,
        cast(date_trunc('week', unit.{at}) as date) as cohort_week
    from facts.{template} as unit
    where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
),
happened as (
    select
        event.{link} as unit_id,
        cast(event.{event_at} as date) as happened_on,
        {currency} as currency,
        {amount} as amount
    from facts.{event_template} as event
    where event.{amount_column} is not null and cast(event.{event_at} as date) <= $through{event_where}
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
    greatest(date_diff('week', entered.cohort_week, cast(date_trunc('week', happened.happened_on) as date)), 0) as age,
    happened.currency,
    count(*) as units,
    sum(happened.amount) as amount,
    sum(happened.amount * happened.amount) as amount_squared
from entered
inner join happened on entered.unit_id = happened.unit_id
group by all
order by all
