-- qualified appointments of the workflow by the day they were held, since $since: one row a day, place in $imports of the import that
-- was the first to know them, and day of the last change that was told of them, how many; and one row an import, the
-- first day of which it tells and no count
with versions as (
    select
        version.appointment_id,
        version.modified_at,
        version.import_id,
        version.line,
        cast(facts.local_time(version.held_at) as date) as day
    from landed.appointments as version
    where cast(facts.local_time(version.held_at) as date) >= $since and version.qualified and version.status = 'held'
),
told as (
    select versions.*, list_position($imports, versions.import_id) as place
    from versions
    union all
    select versions.*, list_position($imports, sighting.import_id) as place
    from landed.sightings as sighting
    inner join versions on sighting.of_import = versions.import_id and sighting.of_line = versions.line
    where sighting.template = 'appointments'
),
known as (
    select fact.appointment_id, cast(fact.held_at as date) as day
    from facts.appointments as fact
    where fact.workflow = $workflow and cast(fact.held_at as date) >= $since and fact.qualified and fact.status = 'held'
),
entered as (
    select
        known.appointment_id,
        known.day,
        min(told.place) as place,
        min(cast(facts.local_time(told.modified_at) as date)) as changed_on
    from known
    inner join told on known.appointment_id = told.appointment_id
    group by all
)
select day, place, changed_on, count(*) as events
from entered
where place is not null
group by all
union all
select min(day) as day, place, null as changed_on, null as events
from told
where place is not null
group by place
order by all
