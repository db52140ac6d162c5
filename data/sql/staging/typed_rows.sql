-- one row a staged record, with what of it lands
create or replace temp table typed_rows as
with typed as (
    {typed}
),

settled as (
    {settled}
)

select record, line, attributes, {columns}, modified_at, null::boolean as is_retired, unread
from settled
