-- one row a appointment, current version, times in the workspace's time zone; a missing workflow comes from its lead
create or replace view facts.appointments as
select
    appointment_id,
    lead_id,
    facts.local_time(booked_at) as booked_at,
    facts.local_time(held_at) as held_at,
    status,
    qualified,
    workflow,
    attributes,
    import_id,
    line
from landed.current_appointments
where workflow is not null
union all
select
    fact.appointment_id,
    fact.lead_id,
    facts.local_time(fact.booked_at) as booked_at,
    facts.local_time(fact.held_at) as held_at,
    fact.status,
    fact.qualified,
    origin.workflow,
    fact.attributes,
    fact.import_id,
    fact.line
from landed.current_appointments as fact
left join landed.current_leads as origin on fact.lead_id = origin.lead_id
where fact.workflow is null;
