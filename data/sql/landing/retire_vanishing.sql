-- rows that a full export no longer holds are no more (they are no lines of its file)
insert into landed.{table} ({key}, attributes, known_at, import_id, line, is_retired)
select {key}, map()::map(varchar, varchar), $known_at, $import_id, line, true
from vanishing;

insert into landed.superseded
select $template, of_import, of_line, $import_id
from vanishing
