-- what has become what in the end, by the newest that is said of each; not where that leads in a circle
create or replace temp table aliases_now as
with recursive newest as (
    select old_id, arg_max(new_id, epoch_us(known_at)::hugeint * 1000000000000 + import_id) as new_id
    from landed.merges
    where template = $template
    group by old_id
),

steps as (
    select old_id, new_id, 1 as step
    from newest
    union all
    select steps.old_id, newest.new_id, steps.step + 1
    from steps
    inner join newest on steps.new_id = newest.old_id
    where steps.step < 64
)

select old_id, arg_max(new_id, step) as new_id
from steps
group by old_id
having max(step) < 64
