-- one row a segment, week and currency: units, the sum of their amounts and of the squares
select
    segment,
    cohort_week,
    currency,
    cast(sum(units) as bigint) as units,
    sum(amount) as amount,
    sum(amount_squared) as amount_squared
from {counts}
where cohort_week <= $through
group by segment, cohort_week, currency
having sum(units) <> 0
order by all
