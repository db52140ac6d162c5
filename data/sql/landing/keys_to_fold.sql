-- one row a key of which an import that is being written says something, and of which it may not say all that is known
create or replace temp table spoken_keys as
select {typed_key}
from typed_rows
inner join matches on typed_rows.record = matches.record
where {may_lack}
union
select {folded_key}
from landed.{folded} as folded
semi join (
    select {key}
    from typed_rows
    union
    select {key}
    from landed.{table}
    where import_id = $import_id
) as spoken on {same_key}
