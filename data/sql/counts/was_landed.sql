-- the rows in force that an import has replaced
create or replace temp table kept_was as
select version.*
from landed.{table} as version
semi join (
    select import_id, line
    from landed.superseded
    where template = $template and by_import = $import_id and import_id <> $import_id
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line
