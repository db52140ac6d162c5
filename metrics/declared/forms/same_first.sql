-- one row a segment, week and promise: coded conversations in which buyers were asked, by the promise that they named first, ''
-- where none. Coders who differ are outvoted; where they are as many, who coded first is believed
with said as (
{coded}),
voted as (
    select
        unit_id,
        was_asked,
        {promise} as promise,
        row_number() over (partition by unit_id order by coded_at, coder) as place
    from said
),
asked as (
    select unit_id
    from voted
    group by unit_id
    having sum((case when place = 1 then 3 else 2 end) * (2 * was_asked - 1)) > 0
),
counted as (
    select voted.unit_id, voted.promise, count(*) as votes, min(voted.place) as place
    from voted
    inner join asked on voted.unit_id = asked.unit_id
    where voted.was_asked = 1
    group by voted.unit_id, voted.promise
),
agreed as (
    select unit_id, promise, row_number() over (partition by unit_id order by votes desc, place) as standing
    from counted
)
select
    {segment} as segment,
    cast(date_trunc('week', unit.{at}) as date) as cohort_week,
    agreed.promise,
    count(*) as units
from facts.{template} as unit
inner join agreed on unit.{key} = agreed.unit_id and agreed.standing = 1
where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
group by all
order by all
