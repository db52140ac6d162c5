-- one row a use of an asset, current version, times in the workspace's time zone; a missing workflow comes from its asset
create or replace view facts.asset_uses as
select
    asset_id,
    facts.local_time(used_at) as used_at,
    used_by,
    context,
    rating,
    workflow,
    attributes,
    import_id,
    line
from landed.current_asset_uses
where workflow is not null
union all
select
    fact.asset_id,
    facts.local_time(fact.used_at) as used_at,
    fact.used_by,
    fact.context,
    fact.rating,
    origin.workflow,
    fact.attributes,
    fact.import_id,
    fact.line
from landed.current_asset_uses as fact
left join landed.current_assets as origin on fact.asset_id = origin.asset_id
where fact.workflow is null;
