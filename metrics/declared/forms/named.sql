-- one row a segment and week: coded conversations in which buyers were asked; age 0 where an agreed promise was named, none
-- where not. Coders who differ are outvoted; where they are as many, who coded first is believed: in whether buyers were asked,
-- then among those who say so in what was named
with said as (
{coded}),
voted as (
    select
        unit_id,
        was_asked,
        case when {is_named} then 1 else -1 end as vote,
        row_number() over (partition by unit_id order by coded_at, coder) as place,
        row_number() over (partition by unit_id, was_asked order by coded_at, coder) as place_among
    from said
),
agreed as (
    select
        unit_id,
        sum(case when was_asked = 0 then 0 when place_among = 1 then 3 * vote else 2 * vote end) as votes
    from voted
    group by unit_id
    having sum((case when place = 1 then 3 else 2 end) * (2 * was_asked - 1)) > 0
)
select
    {segment} as segment,
    cast(date_trunc('week', unit.{at}) as date) as cohort_week,
    case when agreed.votes > 0 then 0 end as age,
    count(*) as units
from facts.{template} as unit
inner join agreed on unit.{key} = agreed.unit_id
where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
group by all
order by all
