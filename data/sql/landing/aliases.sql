-- what has become what in the end, by the newest that is said of each. Where that leads in a circle, what was said first
-- of it no longer holds; of what was said at once nothing does
create or replace temp table aliases_now as
with recursive newest as (
    select
        old_id,
        arg_max(new_id, epoch_us(known_at)::hugeint * 1000000000000 + import_id) as new_id,
        max(epoch_us(known_at)::hugeint * 1000000000000 + import_id) as said
    from landed.merges
    where template = $template
    group by old_id
),

walks as (
    select old_id, new_id, said, said as first_said, 1 as step
    from newest
    union all
    select walks.old_id, newest.new_id, walks.said, least(walks.first_said, newest.said), walks.step + 1
    from walks
    inner join newest on walks.new_id = newest.old_id
    where walks.step < 64 and walks.new_id <> walks.old_id
),

standing as (
    select newest.old_id, newest.new_id
    from newest
    anti join (
        select old_id
        from walks
        where new_id = old_id and said = first_said
    ) as outdated on newest.old_id = outdated.old_id
),

steps as (
    select old_id, new_id, 1 as step
    from standing
    union all
    select steps.old_id, standing.new_id, steps.step + 1
    from steps
    inner join standing on steps.new_id = standing.old_id
    where steps.step < 64
)

select old_id, arg_max(new_id, step) as new_id
from steps
group by old_id
having max(step) < 64
