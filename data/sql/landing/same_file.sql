-- one row where this very file stands already, read in the same way
select
    import_id, rows_new, rows_updated, rows_unchanged, rows_stale, rows_quarantined, rows_skipped, rows_read
from landed.imports
where sha256 = $sha256 and template = $template and answers = $answers and undone_at is null
order by import_id desc
limit 1
