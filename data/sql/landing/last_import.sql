-- one row: when the newest of the standing imports was known, and its number
select max(known_at) as known_at, arg_max(import_id, known_at) as import_id
from landed.imports
where undone_at is null
