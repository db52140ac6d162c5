-- versions that say of the named rows that they are no more
insert into landed.{table} ({key}, attributes, known_at, import_id, line, is_retired)
select identity, map()::map(varchar, varchar), $known_at, $import_id, line, true
from retiring;

insert into landed.superseded
select $template, of_import, of_line, $import_id
from retiring
