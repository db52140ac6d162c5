-- one row a asset, current version, times in the workspace's time zone
create or replace view facts.assets as
select
    asset_id,
    facts.local_time(published_at) as published_at,
    workflow,
    kind,
    title,
    cost,
    currency,
    brief_id,
    attributes,
    import_id,
    line
from landed.current_assets;
