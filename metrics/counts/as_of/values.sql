-- one row a segment, week of entry, age at the closing and currency; rows without an age count the leads that entered
select
    segment,
    cohort_week,
    age,
    currency,
    cast(sum(units) as bigint) as units,
    sum(amount) as amount,
    sum(amount_squared) as amount_squared
from {counts}
where cohort_week <= $through and (age is null or cohort_week + cast(7 * age as integer) <= $through)
group by segment, cohort_week, age, currency
having sum(units) <> 0
order by all
