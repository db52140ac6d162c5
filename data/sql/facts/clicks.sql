-- one row a click, current version, times in the workspace's time zone; a missing workflow comes from its lead
create or replace view facts.clicks as
select
    click_id,
    facts.local_time(clicked_at) as clicked_at,
    lead_id,
    workflow,
    channel,
    campaign,
    attributes,
    import_id,
    line
from landed.current_clicks
where workflow is not null
union all
select
    fact.click_id,
    facts.local_time(fact.clicked_at) as clicked_at,
    fact.lead_id,
    origin.workflow,
    fact.channel,
    fact.campaign,
    fact.attributes,
    fact.import_id,
    fact.line
from landed.current_clicks as fact
left join landed.current_leads as origin on fact.lead_id = origin.lead_id
where fact.workflow is null;
