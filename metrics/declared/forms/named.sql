-- one row a segment and week: coded conversations in which buyers were asked; age 0 where an agreed promise was named, none
-- where not. Coders who differ are outvoted; where they are as many, who coded first is believed
with said as (
    select
        code.{link} as unit_id,
        code.coder,
        code.{coded_at} as coded_at,
        {first} as first_named,
        concat(';', coalesce({first}, ''), ';', coalesce({others}, ''), ';') as named
    from facts.{codes} as code
    where
        cast(code.{coded_at} as date) <= $through
        and coalesce(code.asked, code."first" is not null)
        and coalesce({first}, '') <> 'notasked'{codes_where}
),
voted as (
    select
        unit_id,
        case when {is_named} then 1 else -1 end as vote,
        row_number() over (partition by unit_id order by coded_at, coder) as place
    from said
),
agreed as (
    select unit_id, sum(case when place = 1 then 3 * vote else 2 * vote end) as votes
    from voted
    group by unit_id
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
