-- one row a segment and week of closing: deals won; a segment is the lead's, or the deal's own where it has no lead
select
    coalesce(
        case $segment
            when '' then 'all'
            when 'channel' then coalesce(lead.channel, unit.channel)
            when 'region' then lead.region
            when 'segment' then lead.segment
            when 'owner' then lead.owner
            else coalesce(lead.attributes[$segment], unit.attributes[$segment])
        end,
        'unknown'
    ) as segment,
    cast(date_trunc('week', unit.closed_at) as date) as cohort_week,
    count(*) as units
from facts.deals as unit
left join facts.leads as lead on unit.lead_id = lead.lead_id
where unit.workflow = $workflow and unit.stage = 'won' and cast(unit.closed_at as date) <= $through
group by all
order by all
