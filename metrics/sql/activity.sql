-- one row a source, workflow and day on which something happened, up to $through: what freshness and completeness rest on
with moments as (
    select 'leads' as source, workflow, cast(created_at as date) as day
    from facts.leads
    where created_at is not null
    union all
    select 'appointments' as source, workflow, cast(booked_at as date) as day
    from facts.appointments
    where booked_at is not null
    union all
    select 'appointments' as source, workflow, cast(held_at as date) as day
    from facts.appointments
    where held_at is not null
    union all
    select 'deals' as source, workflow, cast(created_at as date) as day
    from facts.deals
    where created_at is not null
    union all
    select 'deals' as source, workflow, cast(closed_at as date) as day
    from facts.deals
    where closed_at is not null
    union all
    select 'emails' as source, workflow, cast(sent_at as date) as day
    from facts.emails
    where sent_at is not null
    union all
    select 'emails' as source, workflow, cast(opened_at as date) as day
    from facts.emails
    where opened_at is not null
    union all
    select 'emails' as source, workflow, cast(clicked_at as date) as day
    from facts.emails
    where clicked_at is not null
    union all
    select 'campaigns' as source, workflow, cast(sent_at as date) as day
    from facts.campaigns
    where sent_at is not null
    union all
    select 'assets' as source, workflow, cast(published_at as date) as day
    from facts.assets
    where published_at is not null
    union all
    select 'asset_uses' as source, workflow, cast(used_at as date) as day
    from facts.asset_uses
    where used_at is not null
    union all
    select 'reviews' as source, workflow, cast(reviewed_at as date) as day
    from facts.reviews
    where reviewed_at is not null
    union all
    select 'conversations' as source, workflow, cast(held_at as date) as day
    from facts.conversations
    where held_at is not null
    union all
    select 'clicks' as source, workflow, cast(clicked_at as date) as day
    from facts.clicks
    where clicked_at is not null
)
select source, workflow, day, count(*) as events
from moments
where day <= $through
group by all
order by all
