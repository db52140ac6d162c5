-- one row a deal, current version, times in the workspace's time zone; a missing workflow comes from its lead
create or replace view facts.deals as
select
    deal_id,
    lead_id,
    facts.local_time(created_at) as created_at,
    facts.local_time(closed_at) as closed_at,
    stage,
    amount,
    currency,
    workflow,
    channel,
    attributes,
    import_id,
    line
from landed.current_deals
where workflow is not null
union all
select
    fact.deal_id,
    fact.lead_id,
    facts.local_time(fact.created_at) as created_at,
    facts.local_time(fact.closed_at) as closed_at,
    fact.stage,
    fact.amount,
    fact.currency,
    origin.workflow,
    fact.channel,
    fact.attributes,
    fact.import_id,
    fact.line
from landed.current_deals as fact
left join landed.current_leads as origin on fact.lead_id = origin.lead_id
where fact.workflow is null;
