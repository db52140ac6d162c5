-- one row: what becomes of the rows of the file. Rows that are deleted at their source are no facts, and land all the same
with double_rows as (
    select
        count(*) filter (where outcome in ('totals_row', 'folded_event', 'repeated_header')) as untyped,
        count(*) filter (where outcome = 'duplicate_id_conflict') as conflicting,
        count(*) filter (where outcome not in ('kept', 'duplicate_id_conflict')) as repeated
    from doubles
),

deleted_rows as (
    select count(*) as deleted
    from typed_rows
    anti join (select record from doubles where outcome <> 'kept') as dropped on typed_rows.record = dropped.record
    where is_retired
),

matched_rows as (
    select
        count(*) filter (where outcome = 'updated') as updated,
        count(*) filter (where outcome = 'unchanged' and not is_retired) as unchanged,
        count(*) filter (where outcome = 'stale' and not is_retired) as stale,
        count(*) filter (where outcome = 'retires' and not was_retired) as retiring,
        count(*) filter (where outcome = 'updated' and was_retired) as returning
    from matches
)

select
    (select count(*) from typed_rows) + double_rows.untyped as records,
    (select count(distinct record) from faults) as faulty,
    double_rows.conflicting,
    double_rows.repeated + deleted_rows.deleted as repeated,
    matched_rows.updated,
    matched_rows.unchanged,
    matched_rows.stale,
    matched_rows.retiring,
    matched_rows.returning
from double_rows
cross join deleted_rows
cross join matched_rows
