-- one row what was spent in one place on a day (or from spent_on to spent_to), current version, times in the
-- workspace's time zone
create or replace view facts.spend as
select
    facts.local_time(spent_on) as spent_on,
    facts.local_time(spent_to) as spent_to,
    channel,
    account,
    campaign,
    ad_group,
    ad,
    cost,
    currency,
    impressions,
    clicks,
    visits,
    conversions,
    workflow,
    attributes,
    import_id,
    line
from landed.current_spend;
