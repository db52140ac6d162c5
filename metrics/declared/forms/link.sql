-- one row a week of entry, age in whole weeks from which a unit counts, age at what the proxy says of it (none: not by then; -1:
-- known from the start), bucket of its minutes and age at the outcome (none: not by then)
with entered as (
    select
        unit.{key} as unit_id,
        cast(date_trunc('week', unit.{at}) as date) as cohort_week{columns}
    from facts.{template} as unit
    where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
),
told as (
{told}),
happened as (
{happened})
select
    told.cohort_week,
    told.since_age,
    told.yes_age,
    told.bucket,
    case
        when happened.happened_on is not null
            then greatest(date_diff('week', told.cohort_week, cast(date_trunc('week', happened.happened_on) as date)), 0)
    end as outcome_age{is_plain},
    count(*) as units
from told
left join happened on told.unit_id = happened.unit_id
group by all
order by all
