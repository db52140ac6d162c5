-- one row a review, current version, times in the workspace's time zone; a missing workflow comes from its asset
create or replace view facts.reviews as
select
    item_id,
    facts.local_time(reviewed_at) as reviewed_at,
    reviewer,
    dimension,
    score,
    passed,
    workflow,
    attributes,
    import_id,
    line
from landed.current_reviews
where workflow is not null
union all
select
    fact.item_id,
    facts.local_time(fact.reviewed_at) as reviewed_at,
    fact.reviewer,
    fact.dimension,
    fact.score,
    fact.passed,
    origin.workflow,
    fact.attributes,
    fact.import_id,
    fact.line
from landed.current_reviews as fact
left join landed.current_assets as origin on fact.item_id = origin.asset_id
where fact.workflow is null;
