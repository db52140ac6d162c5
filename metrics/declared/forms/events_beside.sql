-- one row an age in whole weeks at one event (none: not by then) and an age at another (none: not by then): units that entered
-- from $first on
with entered as (
    select
        unit.{key} as unit_id,
        cast(date_trunc('week', unit.{at}) as date) as cohort_week
    from facts.{template} as unit
    where
        unit.workflow = $workflow
        and cast(unit.{at} as date) >= $first
        and cast(unit.{at} as date) <= $through{where}
),
one as (
{one}),
other as (
{other})
select
    case
        when one.happened_on is not null
            then greatest(date_diff('week', entered.cohort_week, cast(date_trunc('week', one.happened_on) as date)), 0)
    end as one_age,
    case
        when other.happened_on is not null
            then greatest(date_diff('week', entered.cohort_week, cast(date_trunc('week', other.happened_on) as date)), 0)
    end as other_age,
    count(*) as units
from entered
left join one on entered.unit_id = one.unit_id
left join other on entered.unit_id = other.unit_id
group by all
order by all
