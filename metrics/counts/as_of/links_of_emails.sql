-- one row a week of entry, age at the first e-mail, age at the first answer to one (none: not by then) and age at the outcome
select
    cohort_week,
    since_age,
    case when cohort_week + cast(7 * yes_age as integer) <= $through then yes_age end as yes_age,
    bucket,
    case when cohort_week + cast(7 * outcome_age as integer) <= $through then outcome_age end as outcome_age,
    cast(sum(units) as bigint) as units
from {counts}
where cohort_week <= $through and cohort_week + cast(7 * since_age as integer) <= $through
group by all
having sum(units) <> 0
order by all
