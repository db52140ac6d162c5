-- one row a segment, week of review and age: 0 where the item passed, no age where it didn't
select
    coalesce(
        case $segment
            when '' then 'all'
            when 'dimension' then unit.dimension
            when 'reviewer' then unit.reviewer
            else unit.attributes[$segment]
        end,
        'unknown'
    ) as segment,
    cast(date_trunc('week', unit.reviewed_at) as date) as cohort_week,
    case when unit.passed then 0 end as age,
    count(*) as units
from facts.reviews as unit
where unit.workflow = $workflow and cast(unit.reviewed_at as date) <= $through and unit.passed is not null
group by all
order by all
