-- one row an entry (a version or a sighting) of those keys by any other import, and what it is without this one:
-- _is_version (says something new, or is of an export with other columns), _is_timely (was not out of date when it came),
-- and for a sighting of which version. The same fold as landing makes, import by import. Names that begin with _ are no
-- column of any template. Imports that don't say of what they speak are older than all that do: after a version of one
-- the columns of exports make no difference.
create or replace temp table refolded as
with entries as (
    select version.*, version.import_id as _said_by, version.line as _said_on, version.known_at as _said_at
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
    select
        entries.*,
        row({columns}, attributes::varchar, is_retired)::varchar as _content,
        row({key})::varchar as _key_value,
        coalesce(row(import.columns, import.segments)::varchar, 'all') as _width
    from entries
    inner join (
        select import_id as _import_id, columns, segments
        from landed.imports
    ) as import on entries._said_by = import._import_id
    where _said_by <> $import_id
),

dated as (
    select
        *,
        _said_at >= coalesce(max(_said_at) over earlier, _said_at) as _is_timely
    from others
    window earlier as (partition by _key_value order by _said_by rows between unbounded preceding and 1 preceding)
),

compared as (
    select
        *,
        last_value(case when _is_timely then _content end ignore nulls) over earlier as _standing_content,
        last_value(case when _is_timely then _width end ignore nulls) over earlier as _standing_width
    from dated
    window earlier as (partition by _key_value order by _said_by rows between unbounded preceding and 1 preceding)
),

runs as (
    select
        *,
        count(*) filter (_is_timely and _content is distinct from _standing_content) over (
            partition by _key_value order by _said_by rows between unbounded preceding and current row
        ) as _run
    from compared
),

judged as (
    select
        *,
        _content is distinct from _standing_content
        or (
            first_value(_width) over (partition by _key_value, _run order by _said_by) <> 'all'
            and _width <> _standing_width
        ) as _is_version
    from runs
)

select
    *,
    last_value(case when _is_timely and _is_version then _said_by end ignore nulls) over earlier as _standing_by,
    last_value(case when _is_timely and _is_version then _said_on end ignore nulls) over earlier as _standing_on
from judged
window earlier as (partition by _key_value order by _said_by rows between unbounded preceding and 1 preceding)
