-- one row a segment and week of entry: leads with a score, the sum of it and of its squares
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
    cast(null as varchar) as currency,
    count(*) as units,
    sum(cast(unit.score as decimal(18, 4))) as amount,
    sum(cast(unit.score as decimal(18, 4)) * cast(unit.score as decimal(18, 4))) as amount_squared
from facts.leads as unit
where unit.workflow = $workflow and cast(unit.created_at as date) <= $through and unit.score is not null
group by all
order by all
