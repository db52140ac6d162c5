-- one row an identity that is said to have become another one, by the rows that can land, and whether that one has
-- become it in turn, at once or over others
create or replace temp table merges_said as
with recursive said as (
    {found}
),

merges as (
    select old_id, max(new_id) as new_id, max(line) as line
    from said
    where
        old_id <> new_id
        and line not in (select line from faults)
    group by old_id
),

-- an identity and those that it becomes, one by one: of those alone that become one that does so, too
become as (
    select old_id, new_id
    from merges
    where new_id in (select old_id from merges)
    union
    select become.old_id, merges.new_id
    from become
    inner join merges on become.new_id = merges.old_id
)

select *, old_id in (select old_id from become where old_id = new_id) as is_circle
from merges
