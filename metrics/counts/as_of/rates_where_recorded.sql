-- one row a segment, week of entry and age at the event; no age: none by then. Where the time that says which units count is recorded
-- at all, those without it don't
with records as (
    select coalesce(sum(units), 0) > 0 as is_recorded
    from {counts}
    where role = 'recorded'
)

select
    counted.segment,
    counted.cohort_week,
    case when counted.cohort_week + cast(7 * counted.age as integer) <= $through then counted.age end as age,
    cast(sum(counted.units) as bigint) as units
from {counts} as counted
cross join records
where
    counted.cohort_week <= $through
    and (counted.role <> 'unrecorded' or not records.is_recorded)
group by all
having sum(counted.members) <> 0
order by all
