-- one row a brief that was written by a day, or the one that is named: what it says, and of which workflow, null where
-- it says none
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
where cast(written_at as date) <= $through and ($brief = '' or brief_id = $brief)
order by written_on desc, brief_id
