-- one row a version of a workflow that was in use by a day
select
    workflow,
    what,
    version,
    cast(since as date) as since_day,
    note
from facts.versions
where cast(since as date) <= $through
order by workflow, since_day, what, version
