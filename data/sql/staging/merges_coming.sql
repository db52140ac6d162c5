-- one row an identity that has become another one, by the rows that can land
create or replace temp table merges_coming as
with said as (
    {found}
)

select old_id, max(new_id) as new_id, max(line) as line
from said
where
    old_id <> new_id
    and line not in (select line from faults)
group by old_id
