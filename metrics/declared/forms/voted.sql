-- one row a segment and week: things that were judged (what came again to whoever judged it is left out), in the week of their first judgement; age 0 where most of those who
-- judged them say so, none where not. Where they are as many, who judged first is believed
with judged as (
    select
        {segment} as segment,
        cast(unit.{at} as date) as judged_on,
        case when {happened} then 1 else -1 end as vote,
        row_number() over (partition by {thing} order by unit.{at}, unit.{voter}) as place,
        dense_rank() over (order by {thing}) as thing
    from facts.{template} as unit
    where
        unit.workflow = $workflow and cast(unit.{at} as date) <= $through
        and coalesce(unit.{voter}, '') not like '%(again)'{where}
),
things as (
    select
        min(case when place = 1 then segment end) as segment,
        min(judged_on) as judged_on,
        sum(case when place = 1 then 3 * vote else 2 * vote end) as votes
    from judged
    group by thing
)
select
    segment,
    cast(date_trunc('week', judged_on) as date) as cohort_week,
    case when votes > 0 then {age} end as age,
    count(*) as units
from things
group by all
order by all
