-- one row: what becomes of the rows of the file
select
    (select count(*) from typed_rows)
    + (select count(*) from doubles where outcome in ('totals_row', 'deleted_row')) as records,
    (select count(distinct record) from faults) as faulty,
    (select count(*) from doubles where outcome = 'duplicate_id_conflict') as conflicting,
    (select count(*) from doubles where outcome not in ('kept', 'duplicate_id_conflict')) as repeated,
    (select count(*) from matches where outcome = 'updated') as updated,
    (select count(*) from matches where outcome = 'unchanged') as unchanged,
    (select count(*) from matches where outcome = 'stale') as stale
