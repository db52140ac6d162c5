-- one row a week of entry, age from which it counts, age at the proxy, bucket and age at the outcome
with known as (
    select
        cohort_week,
        since_age,
        case when cohort_week + cast(7 * yes_age as integer) <= $through or yes_age < 0 then yes_age end as yes_age,
        bucket,
        case when cohort_week + cast(7 * outcome_age as integer) <= $through then outcome_age end as outcome_age,
        units
    from {counts}
    where cohort_week <= $through
)

select
    cohort_week,
    case when since_age >= 0 and yes_age is null then 0 else since_age end as since_age,
    yes_age,
    case when yes_age is not null then bucket end as bucket,
    outcome_age,
    cast(sum(units) as bigint) as units
from known
group by all
having sum(units) <> 0
order by all
