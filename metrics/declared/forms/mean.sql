-- one row a segment, week of entry and currency: units with an amount, the sum of it and of its squares
select
    {segment} as segment,
    cast(date_trunc('week', unit.{at}) as date) as cohort_week,
    {currency} as currency,
    count(*) as units,
    sum({amount}) as amount,
    sum({amount} * {amount}) as amount_squared
from facts.{template} as unit
where unit.workflow = $workflow and cast(unit.{at} as date) <= $through and unit.{amount_column} is not null{where}
group by all
order by all
