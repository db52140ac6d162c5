-- many units at once, those with the event and those without; both in the week of entry
union all
select
    {role}{segment} as segment,
    cast(date_trunc('week', unit.{at}) as date) as cohort_week,
    case when part.has_event then 0 end as age,
    case
        when part.has_event then least(cast(unit.{events} as bigint), cast({units} as bigint))
        else greatest(cast({units} as bigint) - cast(unit.{events} as bigint), 0)
    end as units
from facts.{template} as unit
cross join (
    select true as has_event
    union all
    select false as has_event
) as part
where
    unit.workflow = $workflow
    and cast(unit.{at} as date) <= $through
    and {units} > 0
    and unit.{events} is not null
