-- one row a mailing, current version, times in the workspace's time zone
create or replace view facts.campaigns as
select
    campaign_id,
    facts.local_time(sent_at) as sent_at,
    recipients,
    delivered,
    unique_opens,
    unique_clicks,
    unsubscribes,
    open_rate,
    click_rate,
    workflow,
    variant,
    attributes,
    import_id,
    line
from landed.current_campaigns;
