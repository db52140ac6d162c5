-- one row a segment, week of entry and age at the event; no age: none by then
select
    segment,
    cohort_week,
    case when cohort_week + cast(7 * age as integer) <= $through then age end as age,
    cast(sum(units) as bigint) as units
from {counts}
where cohort_week <= $through
group by all
having sum(units) <> 0
order by all
