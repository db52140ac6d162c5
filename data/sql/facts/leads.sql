-- one row a lead, current version, times in the workspace's time zone
create or replace view facts.leads as
select
    lead_id,
    facts.local_time(created_at) as created_at,
    workflow,
    channel,
    region,
    segment,
    owner,
    score,
    facts.local_time(first_response_at) as first_response_at,
    attributes,
    import_id,
    line
from landed.current_leads;
