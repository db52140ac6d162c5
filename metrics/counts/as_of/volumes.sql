-- one row a segment and week
select
    segment,
    cohort_week,
    cast(sum(units) as bigint) as units
from {counts}
where cohort_week <= $through
group by all
having sum(units) <> 0
order by all
