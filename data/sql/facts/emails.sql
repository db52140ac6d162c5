-- one row a message, current version, times in the workspace's time zone; a missing workflow comes from its lead
create or replace view facts.emails as
select
    message_id,
    lead_id,
    facts.local_time(sent_at) as sent_at,
    facts.local_time(delivered_at) as delivered_at,
    facts.local_time(opened_at) as opened_at,
    facts.local_time(clicked_at) as clicked_at,
    machine_open,
    workflow,
    variant,
    attributes,
    import_id,
    line
from landed.current_emails
where workflow is not null
union all
select
    fact.message_id,
    fact.lead_id,
    facts.local_time(fact.sent_at) as sent_at,
    facts.local_time(fact.delivered_at) as delivered_at,
    facts.local_time(fact.opened_at) as opened_at,
    facts.local_time(fact.clicked_at) as clicked_at,
    fact.machine_open,
    origin.workflow,
    fact.variant,
    fact.attributes,
    fact.import_id,
    fact.line
from landed.current_emails as fact
left join landed.current_leads as origin on fact.lead_id = origin.lead_id
where fact.workflow is null;
