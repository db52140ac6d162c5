-- one row a later import that speaks of a key of which this one speaks too
with entries as (
    select {key}, import_id
    from landed.{table}
    union all
    select {version_key}, sighting.import_id
    from landed.sightings as sighting
    inner join landed.{table} as version
        on sighting.of_import = version.import_id and sighting.of_line = version.line
    where sighting.template = $template
),

own as (
    select {key}
    from entries
    where import_id = $import_id
)

select distinct entries.import_id
from entries
semi join own on {same_key}
where entries.import_id > $import_id
