-- one row an entry (a version or a sighting) of those keys by any other import, and what it is without this one:
-- is_version (says something new), is_applied (was not out of date when it came), and for a sighting of which version.
-- The same fold as landing makes, import by import.
create or replace temp table refolded as
with entries as (
    select version.*, version.import_id as said_by, version.line as said_on, version.known_at as said_at
    from landed.{table} as version
    semi join later_keys on {same_key}
    union all
    select version.*, sighting.import_id, sighting.line, sighting.known_at
    from landed.sightings as sighting
    inner join landed.{table} as version
        on sighting.of_import = version.import_id and sighting.of_line = version.line
    semi join later_keys on {same_key}
    where sighting.template = $template
),

others as (
    select *, row({columns}, attributes::varchar)::varchar as content, row({key})::varchar as key_value
    from entries
    where said_by <> $import_id
),

dated as (
    select
        *,
        said_at >= coalesce(max(said_at) over earlier, said_at) as is_timely
    from others
    window earlier as (partition by key_value order by said_by rows between unbounded preceding and 1 preceding)
),

compared as (
    select
        *,
        last_value(case when is_timely then content end ignore nulls) over earlier as standing_content
    from dated
    window earlier as (partition by key_value order by said_by rows between unbounded preceding and 1 preceding)
),

judged as (
    select *, content is distinct from standing_content as is_version
    from compared
)

select
    *,
    last_value(case when is_timely and is_version then said_by end ignore nulls) over earlier as standing_by,
    last_value(case when is_timely and is_version then said_on end ignore nulls) over earlier as standing_on
from judged
window earlier as (partition by key_value order by said_by rows between unbounded preceding and 1 preceding)
