-- one row a key that an import has said anything of
create or replace temp table spoken_keys as
select {key}
from landed.{table}
where import_id = $import_id
union
select {version_key}
from landed.{table} as version
semi join (
    select of_import, of_line
    from landed.sightings
    where template = $template and import_id = $import_id
) as sighting
    on version.import_id = sighting.of_import and version.line = sighting.of_line
