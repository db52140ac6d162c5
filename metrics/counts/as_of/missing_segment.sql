-- one row a week and import: rows that entered, and those without a value of the segment
select
    week,
    import_id,
    cast(sum(count_rows) as bigint) as count_rows,
    cast(sum(count_missing) as bigint) as count_missing
from {counts}
where week <= $through
group by week, import_id
having sum(count_rows) <> 0
order by all
