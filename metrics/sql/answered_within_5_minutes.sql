-- one row a segment, week of entry and age: 0 where the first answer came within $minutes minutes, no age where it didn't
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
    case
        when unit.first_response_at <= unit.created_at + to_minutes(cast($minutes as bigint))
            then 0
    end as age,
    count(*) as units
from facts.leads as unit
where unit.workflow = $workflow and cast(unit.created_at as date) <= $through
group by all
order by all
