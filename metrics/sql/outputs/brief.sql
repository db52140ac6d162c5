-- one brief by its identity, as it stands now
select
    brief_id,
    cast(written_at as date) as written_on,
    workflow,
    version,
    author,
    title,
    outcome,
    audience,
    positioning,
    constraints,
    context
from facts.briefs
where brief_id = $brief
