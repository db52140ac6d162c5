-- one row a currency and day: deals that closed on it, exact sums of their amounts and the squares
select
    currency,
    closed_on,
    cast(sum(units) as bigint) as deals,
    sum(amount) as amount,
    sum(amount_squared) as amount_squared
from {counts}
where closed_on <= $through
group by currency, closed_on
having sum(units) <> 0
order by closed_on, currency
