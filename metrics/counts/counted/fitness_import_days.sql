-- one row a template, import with rows of the workflow in force, and day they tell of
with dated as (
    select 'leads' as template, import_id, cast(created_at as date) as day, workflow from facts.leads
    union all
    select 'appointments' as template, import_id, cast(held_at as date) as day, workflow from facts.appointments
    union all
    select 'deals' as template, import_id, cast(coalesce(closed_at, created_at) as date) as day, workflow
    from facts.deals
    union all
    select 'emails' as template, import_id, cast(sent_at as date) as day, workflow from facts.emails
    union all
    select 'campaigns' as template, import_id, cast(sent_at as date) as day, workflow from facts.campaigns
    union all
    select 'assets' as template, import_id, cast(published_at as date) as day, workflow from facts.assets
    union all
    select 'asset_uses' as template, import_id, cast(used_at as date) as day, workflow from facts.asset_uses
    union all
    select 'reviews' as template, import_id, cast(reviewed_at as date) as day, workflow from facts.reviews
)
select
    template,
    import_id,
    day,
    count(*) as units
from dated
where workflow = $workflow
group by all
