-- one row a week and import: leads, assets and reviews that entered, and those without a value of the segment
with entered as (
    select
        case $segment
            when 'channel' then unit.channel
            when 'region' then unit.region
            when 'segment' then unit.segment
            when 'owner' then unit.owner
            else unit.attributes[$segment]
        end as value,
        cast(unit.created_at as date) as day,
        unit.import_id
    from facts.leads as unit
    where unit.workflow = $workflow
    union all
    select
        case $segment when 'kind' then unit.kind else unit.attributes[$segment] end as value,
        cast(unit.published_at as date) as day,
        unit.import_id
    from facts.assets as unit
    where unit.workflow = $workflow
    union all
    select
        case $segment
            when 'dimension' then unit.dimension
            when 'reviewer' then unit.reviewer
            else unit.attributes[$segment]
        end as value,
        cast(unit.reviewed_at as date) as day,
        unit.import_id
    from facts.reviews as unit
    where unit.workflow = $workflow
)
select
    cast(date_trunc('week', day) as date) as week,
    import_id,
    count(*) as count_rows,
    count(case when value is null then 1 end) as count_missing
from entered
where day <= $through
group by all
order by all
