-- the newest judgements of a workflow that failed, with their reasons
select
    cast(reviewed_at as date) as reviewed_on,
    item_id,
    dimension,
    reason,
    reviewer
from facts.reviews
where workflow = $workflow and not passed and cast(reviewed_at as date) <= $last
    and coalesce(reviewer, '') not like '%(again)'
order by reviewed_at desc, item_id, dimension
limit $most
