-- a condition: the version expires
(import_id, line) in (select (import_id, line) from erased_rows)
