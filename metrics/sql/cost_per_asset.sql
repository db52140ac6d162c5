-- one row a segment, week of publication and currency: assets with a known cost, the sum of it and of its squares
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
    unit.currency,
    count(*) as units,
    sum(cast(unit.cost as decimal(18, 2))) as amount,
    sum(cast(unit.cost as decimal(18, 2)) * cast(unit.cost as decimal(18, 2))) as amount_squared
from facts.assets as unit
where unit.workflow = $workflow and cast(unit.published_at as date) <= $through and unit.cost is not null
group by all
order by all
