-- one row an import, oldest first; one of them where $import_id is given
select
    import_id, file, sha256, source, template, workflow, landed_at, undone_at,
    rows_read, rows_new, rows_updated, rows_unchanged, rows_stale, rows_quarantined, rows_skipped
from landed.imports
where $import_id is null or import_id = $import_id
order by import_id
