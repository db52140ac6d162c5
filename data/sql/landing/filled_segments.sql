-- one row a segment of rows of those imports
select distinct unnest(map_keys(version.attributes)) as heading
from landed.{table} as version
semi join (
    select import_id
    from landed.imports
    where template = $template and columns is null
) as import on version.import_id = import.import_id
