-- one row a template and import with rows of the workflow in force: the first day they tell of
with dated as (
{every_dated_row}
)
select
    template,
    import_id,
    min(day) as first_on
from dated
where workflow = $workflow
group by all
order by all
