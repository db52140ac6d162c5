-- what an import says that was known already
insert into landed.sightings
select $template as template, $import_id as import_id, line, of_import, of_line, known_at
from matches
where outcome = 'unchanged'
