-- one row: how many rows set aside, and lines that are no facts, landed before a moment and still say what stood in them
select
    (
        select count(*) from landed.quarantine join landed.imports using (import_id)
        where landed_at < $before and coalesce(raw, value, array_to_string(cells, '')) is not null
    )
    + (
        select count(*) from landed.skipped join landed.imports using (import_id)
        where landed_at < $before and line > 0 and raw is not null
    )
