-- one row: messages that are known, those of them that went to another recipient than these events name, in an identity of
-- the same kind, with an example and its lines
select
    count(distinct typed_rows.{key}) as messages,
    count(distinct typed_rows.{key}) filter (is_other) as several,
    min(typed_rows.{key}) filter (is_other) as example,
    list_sort(min(typed_rows.line, 2) filter (is_other)) as lines
from (
    select
        typed_rows.{key},
        typed_rows.line,
        known.lead_id <> typed_rows.lead_id
        and starts_with(known.lead_id, 'hashed:') = starts_with(typed_rows.lead_id, 'hashed:') as is_other
    from typed_rows
    inner join landed.{known} as known on typed_rows.{key} = known.{key}
) as typed_rows
