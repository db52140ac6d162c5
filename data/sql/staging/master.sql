-- one row a row that has become another one
select
    old_id,
    new_id,
    line
from masters
where record in (select record from typed_rows where is_retired)
