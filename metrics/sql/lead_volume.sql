-- one row a segment and week: leads created
select
    coalesce(
        case $segment
            when '' then 'all'
            when 'channel' then unit.channel
            when 'region' then unit.region
            when 'segment' then unit.segment
            when 'owner' then unit.owner
            else unit.attributes[$segment]
        end,
        'unknown'
    ) as segment,
    cast(date_trunc('week', unit.created_at) as date) as cohort_week,
    count(*) as units
from facts.leads as unit
where unit.workflow = $workflow and cast(unit.created_at as date) <= $through
group by all
order by all
