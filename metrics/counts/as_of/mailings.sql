-- one row a segment, week of sending and age at the event; no age: none by then. Where delivery is recorded at all, e-mails
-- that were not delivered don't count
with records_delivery as (
    select coalesce(sum(units), 0) > 0 as is_recorded
    from {counts}
    where role = 'delivered'
)

select
    counted.segment,
    counted.cohort_week,
    case when counted.cohort_week + cast(7 * counted.age as integer) <= $through then counted.age end as age,
    cast(sum(counted.units) as bigint) as units
from {counts} as counted
cross join records_delivery
where
    counted.cohort_week <= $through
    and (counted.role <> 'undelivered' or not records_delivery.is_recorded)
group by all
having sum(counted.members) <> 0
order by all
