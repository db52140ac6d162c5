-- one row an output of a workflow in a span that names no brief, or one that has not landed; the newest first
select
    unit.{key} as output,
    cast(unit.{at} as date) as entered_on,
    unit.brief_id
from facts.{template} as unit
left join facts.briefs as brief on unit.brief_id = brief.brief_id
where
    unit.workflow = $workflow
    and cast(unit.{at} as date) between $first and $through
    and brief.brief_id is null
order by entered_on desc, output
limit 200
