-- one row a segment, week of publication and age in whole weeks at the first use; no age: not used by then
with entered as (
    select
        unit.asset_id as unit_id,
        coalesce(
            case $segment
                when '' then 'all'
                when 'kind' then unit.kind
                else unit.attributes[$segment]
            end,
            'unknown'
        ) as segment,
        cast(date_trunc('week', unit.published_at) as date) as cohort_week,
        1 as units
    from facts.assets as unit
    where unit.workflow = $workflow and cast(unit.published_at as date) <= $through
),
happened as (
    select asset_id as unit_id, min(cast(used_at as date)) as happened_on
    from facts.asset_uses
    where cast(used_at as date) <= $through
    group by asset_id
)
select
    entered.segment,
    entered.cohort_week,
    case
        when happened.happened_on is not null
            then greatest(
                date_diff('week', entered.cohort_week, cast(date_trunc('week', happened.happened_on) as date)), 0
            )
    end as age,
    cast(sum(entered.units) as bigint) as units
from entered
left join happened on entered.unit_id = happened.unit_id
group by all
order by all
