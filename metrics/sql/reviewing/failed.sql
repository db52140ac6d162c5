-- the newest judgements of a workflow that failed, at most $most, with their reasons
with placed as (
    select
        cast(reviewed_at as date) as reviewed_on,
        item_id,
        dimension,
        reason,
        reviewer,
        row_number() over (order by reviewed_at desc, item_id, dimension, reviewer) as place
    from facts.reviews
    where
        workflow = $workflow
        and not passed
        and cast(reviewed_at as date) <= $last
        and coalesce(reviewer, '') not like '%(again)'
)

select
    reviewed_on,
    item_id,
    dimension,
    reason,
    reviewer,
    place
from placed
where place <= $most
order by place
