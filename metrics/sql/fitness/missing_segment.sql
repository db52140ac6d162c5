-- one row a week and import: units that entered, and those without a value of the segment
with entered as (
{every_segmented_row}
)
select
    cast(date_trunc('week', day) as date) as week,
    import_id,
    count(*) as count_rows,
    count(case when value is null then 1 end) as count_missing
from entered
where day <= $through
group by all
order by all
