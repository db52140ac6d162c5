-- one row a judgement of a workflow's outputs through $last: by whom, when, of which item on what
select
    cast(reviewed_at as date) as judged_on,
    dimension,
    item_id,
    coalesce(reviewer, '') as reviewer,
    cast(passed as varchar) as said
from facts.reviews
where workflow = $workflow and passed is not null and dimension is not null and cast(reviewed_at as date) <= $last
order by all
