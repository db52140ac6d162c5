-- one row an import that was not undone, oldest first: the day its rows were known on, the day it landed, and the newest
-- day that it tells of and that was past when it landed
with moments as (
{every_past_moment}
),
newest as (
    select moments.import_id, max(moments.day) as newest_on
    from moments
    inner join landed.imports as landing on moments.import_id = landing.import_id
    where moments.day <= cast(facts.local_time(landing.landed_at) as date)
    group by moments.import_id
)
select
    landing.import_id,
    landing.template,
    landing.file,
    landing.landed_at,
    cast(facts.local_time(landing.landed_at) as date) as landed_on,
    cast(facts.local_time(landing.known_at) as date) as known_on,
    newest.newest_on
from landed.imports as landing
left join newest on landing.import_id = newest.import_id
where landing.undone_at is null and landing.bytes > 0
order by landing.import_id
