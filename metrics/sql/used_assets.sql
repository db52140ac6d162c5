-- one row a segment and week of the first use: assets that sales used for the first time, within $within_weeks weeks of
-- their publication
with first_used as (
    select asset_id, min(cast(used_at as date)) as used_on
    from facts.asset_uses
    where cast(used_at as date) <= $through
    group by asset_id
)
select
    coalesce(
        case $segment
            when '' then 'all'
            when 'kind' then unit.kind
            else unit.attributes[$segment]
        end,
        'unknown'
    ) as segment,
    cast(date_trunc('week', first_used.used_on) as date) as cohort_week,
    count(*) as units
from facts.assets as unit
inner join first_used on unit.asset_id = first_used.asset_id
where
    unit.workflow = $workflow
    and date_diff(
        'week',
        cast(date_trunc('week', unit.published_at) as date),
        cast(date_trunc('week', first_used.used_on) as date)
    ) <= $within_weeks
group by all
order by all
