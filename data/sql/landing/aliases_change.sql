-- one row where something has become another row than was known
with known as (
    select old_id, new_id
    from landed.aliases
    where template = $template
)

select 1
from (
    (select old_id, new_id from aliases_now except select old_id, new_id from known)
    union all
    (select old_id, new_id from known except select old_id, new_id from aliases_now)
)
limit 1
