-- one row a segment and week: clicks
select
    coalesce(
        case $segment
            when '' then 'all'
            when 'channel' then unit.channel
            when 'campaign' then unit.campaign
            else unit.attributes[$segment]
        end,
        'unknown'
    ) as segment,
    cast(date_trunc('week', unit.clicked_at) as date) as cohort_week,
    count(*) as units
from facts.clicks as unit
where unit.workflow = $workflow and cast(unit.clicked_at as date) <= $through
group by all
order by all
