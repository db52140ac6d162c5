-- one row a template and import with rows in force: the first day they tell of
with days as (
    select template, import_id, day
    from {counts}
    group by template, import_id, day
    having sum(units) <> 0
)

select template, import_id, min(day) as first_on
from days
group by all
order by all
