-- one row a key of which this import speaks and a later one too
create or replace temp table later_keys as
with entries as (
    select {key}, import_id
    from landed.{table}
    union all
    select {version_key}, sighting.import_id
    from landed.sightings as sighting
    inner join landed.{table} as version
        on sighting.of_import = version.import_id and sighting.of_line = version.line
    where sighting.template = $template
)

select {key}
from entries
where import_id >= $import_id
group by {key}
having min(import_id) = $import_id and max(import_id) > $import_id
