-- one row a segment, day of entry, days until the first answer and bucket of its minutes; no bucket: still waiting.
-- Bucket b holds [exp(b / 24) - 1, exp((b + 1) / 24) - 1) minutes, so a median is right to about 2 %
with timed as (
    select
        coalesce(
            case $segment
                when '' then 'all'
                when 'channel' then unit.channel
                when 'region' then unit.region
                when 'segment' then unit.segment
                when 'owner' then unit.owner
                else unit.attributes[$segment]
            end,
            'unknown'
        ) as segment,
        cast(unit.created_at as date) as cohort_day,
        case
            when cast(unit.first_response_at as date) <= $through
                then greatest(cast(date_diff('second', unit.created_at, unit.first_response_at) as double) / 60, 0)
        end as minutes,
        case
            when cast(unit.first_response_at as date) <= $through
                then greatest(date_diff('day', cast(unit.created_at as date), cast(unit.first_response_at as date)), 0)
        end as answered_after_days
    from facts.leads as unit
    where unit.workflow = $workflow and cast(unit.created_at as date) <= $through
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
