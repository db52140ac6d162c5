-- one row a field, week and import: rows that should carry the field, and those without it. A first answer counts as missing
-- when there was none within two weeks; a link, when it leads to no lead
with leads as (
    select
        unit.lead_id,
        cast(unit.created_at as date) as day,
        cast(unit.first_response_at as date) as answered_on,
        unit.import_id
    from facts.leads as unit
    where unit.workflow = $workflow and cast(unit.created_at as date) <= $through
),
won as (
    select
        deal.lead_id,
        deal.workflow,
        cast(deal.closed_at as date) as day,
        deal.import_id
    from facts.deals as deal
    where deal.stage = 'won' and cast(deal.closed_at as date) <= $through
),
held as (
    select
        meeting.lead_id,
        meeting.workflow,
        cast(meeting.held_at as date) as day,
        meeting.import_id
    from facts.appointments as meeting
    where meeting.status = 'held' and cast(meeting.held_at as date) <= $through
),
known as (
    select distinct lead_id
    from facts.leads
),
fields as (
    select
        'first_response_at' as field,
        day,
        import_id,
        answered_on is null or date_diff('day', day, answered_on) > 14 as is_missing
    from leads
    union all
    select 'deal_link' as field, won.day, won.import_id, known.lead_id is null as is_missing
    from won
    left join known on won.lead_id = known.lead_id
    where won.workflow = $workflow or won.workflow is null
    union all
    select 'appointment_link' as field, held.day, held.import_id, known.lead_id is null as is_missing
    from held
    left join known on held.lead_id = known.lead_id
    where held.workflow = $workflow or held.workflow is null
)
select
    field,
    cast(date_trunc('week', day) as date) as week,
    import_id,
    count(*) as count_rows,
    count(case when is_missing then 1 end) as count_missing
from fields
group by all
order by all
