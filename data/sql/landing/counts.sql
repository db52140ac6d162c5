-- one row: what becomes of the rows of the file
with double_rows as (
    select
        count(*) filter (where outcome in ('totals_row', 'deleted_row', 'folded_event', 'repeated_header')) as untyped,
        count(*) filter (where outcome = 'duplicate_id_conflict') as conflicting,
        count(*) filter (where outcome not in ('kept', 'duplicate_id_conflict')) as repeated
    from doubles
),

matched_rows as (
    select
        count(*) filter (where outcome = 'updated') as updated,
        count(*) filter (where outcome = 'unchanged') as unchanged,
        count(*) filter (where outcome = 'stale') as stale
    from matches
)

select
    (select count(*) from typed_rows) + double_rows.untyped as records,
    (select count(distinct record) from faults) as faulty,
    double_rows.conflicting,
    double_rows.repeated,
    matched_rows.updated,
    matched_rows.unchanged,
    matched_rows.stale
from double_rows
cross join matched_rows
