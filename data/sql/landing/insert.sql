-- appends the versions of one import
insert into landed.{table} ({columns}, attributes, modified_at, known_at, import_id, line, is_retired)
select
    {columns},
    attributes,
    modified_at,
    coalesce({changed_at}, $known_at) as known_at,
    $import_id as import_id,
    line,
    is_retired
from typed_rows
anti join (
    select record from faults
    union all
    select record from doubles where outcome <> 'kept'
    union all
    select record from matches where outcome = 'unchanged'
) as dropped on typed_rows.record = dropped.record
