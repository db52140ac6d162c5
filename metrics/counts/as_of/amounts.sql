-- one row a currency: deals, exact sums of their amounts and the squares
select
    currency,
    cast(sum(units) as bigint) as deals,
    sum(amount) as amount,
    sum(amount_squared) as amount_squared
from {counts}
where closed_on between $first and $through
group by currency
having sum(units) <> 0
order by deals desc, currency
