-- what one brief asked for
select
    title,
    outcome,
    audience,
    positioning,
    constraints,
    context
from facts.briefs
where brief_id = $brief
