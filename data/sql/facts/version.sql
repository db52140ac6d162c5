-- one row: what changes with every landing, undo and registered charter
select
    (select coalesce(max(import_id), 0) from landed.imports) as last_import,
    (select count(undone_at) from landed.imports) as undone_imports,
    (select count(*) from agreed.charters) as charter_versions
