-- one row a version of a workflow that was in use by a day
select
    what,
    version,
    cast(since as date) as since_day,
    note
from facts.versions
where workflow = $workflow and cast(since as date) <= $through
order by since_day, what, version
