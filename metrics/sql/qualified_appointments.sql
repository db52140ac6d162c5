-- one row a segment and week in which they took place: qualified appointments held; a segment is the lead's
select
    coalesce(
        case $segment
            when '' then 'all'
            when 'channel' then lead.channel
            when 'region' then lead.region
            when 'segment' then lead.segment
            when 'owner' then lead.owner
            else coalesce(lead.attributes[$segment], unit.attributes[$segment])
        end,
        'unknown'
    ) as segment,
    cast(date_trunc('week', unit.held_at) as date) as cohort_week,
    count(*) as units
from facts.appointments as unit
left join facts.leads as lead on unit.lead_id = lead.lead_id
where
    unit.workflow = $workflow
    and unit.qualified
    and unit.status = 'held'
    and cast(unit.held_at as date) <= $through
group by all
order by all
