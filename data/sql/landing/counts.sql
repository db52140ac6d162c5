-- one row: what becomes of the rows of the file
select
    (select count(*) from typed_rows) as records,
    (select count(distinct record) from faults) as faulty,
    (select count(*) from doubles where outcome = 'duplicate_id_conflict') as conflicting,
    (select count(*) from doubles where outcome in ('exact_duplicate', 'older_version')) as repeated,
    (select count(*) from matches where outcome = 'updated') as updated,
    (select count(*) from matches where outcome = 'unchanged') as unchanged,
    (select count(*) from matches where outcome = 'stale') as stale
