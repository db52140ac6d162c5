-- one row a row of the template in force, with all that is known of it; what has become another row is none, and links
-- lead to what it has become
create or replace view landed.{view} as
with known as (
    select standing.*
    from landed.{standing} as standing
    anti join landed.{folded} as folded on standing.import_id = folded.import_id and standing.line = folded.line
    where standing.is_retired is not true
    union all by name
    select *
    from landed.{folded}
    where is_retired is not true
)

select known.*{links_now}
from known
{aliases}
