-- one row a segment, day of entry, days until the first answer and bucket of its minutes; no bucket: still waiting
select
    segment,
    cohort_day,
    case when cohort_day + cast(answered_after_days as integer) <= $through then answered_after_days end
        as answered_after_days,
    case when cohort_day + cast(answered_after_days as integer) <= $through then bucket end as bucket,
    cast(sum(units) as bigint) as units
from {counts}
where cohort_day <= $through
group by all
having sum(units) <> 0
order by all
