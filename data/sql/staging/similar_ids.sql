-- one row where identities differ in nothing but capital letters: how many pairs, and the first two
with cased as (
    select {key} as id, lower({key}) as folded
    from typed_rows
    where {key} is not null
),

alike as (
    select folded, min(id) as one, max(id) as other
    from cased
    group by folded
    having min(id) <> max(id)
)

select count(*) as pairs, arg_min(one, folded) as one, arg_min(other, folded) as other
from alike
having count(*) > 0
