-- one row a segment, day of entry, days until the event and bucket of its minutes; no bucket: still waiting.
-- Bucket b holds [exp(b / 24) - 1, exp((b + 1) / 24) - 1) minutes, so a median is right to about 2 %
with timed as (
    select
        {segment} as segment,
        cast(unit.{at} as date) as cohort_day,
        case
            when cast(unit.{to} as date) <= $through
                then greatest(cast(date_diff('second', unit.{at}, unit.{to}) as double) / 60, 0)
        end as minutes,
        case
            when cast(unit.{to} as date) <= $through
                then greatest(date_diff('day', cast(unit.{at} as date), cast(unit.{to} as date)), 0)
        end as answered_after_days
    from facts.{template} as unit
    where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
)
select
    segment,
    cohort_day,
    answered_after_days,
    cast(floor(24 * ln(1 + minutes)) as integer) as bucket,
    count(*) as units
from timed
group by all
order by all
