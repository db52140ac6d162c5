-- one row a row of the template, retired or not: the version that no other supersedes, as its export said it
create or replace view landed.{view} as
select version.*
from landed.{table} as version
anti join (
    select import_id, line
    from landed.superseded
    where template = {template}
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line
