-- one row a judgement of a workflow's outputs from $first through $last, by dimension, item and reviewer
select
    dimension,
    item_id,
    coalesce(reviewer, '') as reviewer,
    passed
from facts.reviews
where workflow = $workflow and passed is not null and dimension is not null
    and cast(reviewed_at as date) between $first and $last
order by all
