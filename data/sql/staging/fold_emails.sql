-- one row a message: the first moment of each kind of event over its readable rows and what is known of it
create or replace temp table messages as
with readable as (
    select typed_rows.*
    from typed_rows
    anti join (select distinct record from faults) as faulty on typed_rows.record = faulty.record
),

together as (
    select record, line, attributes, {columns}, modified_at
    from readable
    union all
    select null, null, null, {columns}, null
    from landed.{known}
    semi join readable using ({key})
)

select
    min(record) as record,
    arg_min(line, record) as line,
    coalesce(arg_min(attributes, record) filter (attributes is not null), map()) as attributes,
    {together},
    max(modified_at) as modified_at,
    null::boolean as is_retired,
    0 as unread
from together
group by {key}
