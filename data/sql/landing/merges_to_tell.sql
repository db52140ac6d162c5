-- one row an identity that is said to have become another one and is not known to have
select old_id, new_id
from merges_coming
where not exists (
    select 1
    from landed.aliases as known
    where known.template = $template and known.old_id = merges_coming.old_id
)
order by old_id
