-- the rows in force that an import has brought
create or replace temp table kept_now as
select version.*
from landed.{table} as version
anti join (
    select import_id, line
    from landed.superseded
    where template = $template and import_id = $import_id
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line
where version.import_id = $import_id
