-- one row: what kept counts of the facts as they are would follow
select
    (select coalesce(max(import_id), 0) from landed.imports) as last_import,
    (select count(undone_at) from landed.imports) as undone_imports,
    (select max(stamp) from landed.schema_stamp) as stamp
