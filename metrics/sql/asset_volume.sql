-- one row a segment and week: assets published
select
    coalesce(
        case $segment
            when '' then 'all'
            when 'kind' then unit.kind
            else unit.attributes[$segment]
        end,
        'unknown'
    ) as segment,
    cast(date_trunc('week', unit.published_at) as date) as cohort_week,
    count(*) as units
from facts.assets as unit
where unit.workflow = $workflow and cast(unit.published_at as date) <= $through
group by all
order by all
