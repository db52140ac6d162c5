-- one row a reviewer: how many different outputs of a workflow they judged in a span
select
    coalesce(reviewer, '') as reviewer,
    count(distinct item_id) as items
from facts.reviews
where
    workflow = $workflow
    and cast(reviewed_at as date) between $first and $through
    and coalesce(reviewer, '') not like '%(again)'
group by all
order by items desc, reviewer
