-- one row a template, import with rows of the workflow in force, and day they tell of
with dated as (
{every_dated_row}
)
select
    template,
    import_id,
    day,
    count(*) as units
from dated
where workflow = $workflow
group by all
