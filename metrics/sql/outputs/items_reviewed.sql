-- one row: how many different outputs of a workflow were judged in a span, and how many of them by two or more people
with items as (
    select
        item_id,
        count(distinct coalesce(reviewer, '')) as reviewers
    from facts.reviews
    where
        workflow = $workflow
        and cast(reviewed_at as date) between $first and $through
        and coalesce(reviewer, '') not like '%(again)'
    group by all
)

select
    count(*) as items,
    count(case when reviewers > 1 then 1 end) as twice
from items
