-- one row a field, week and import: rows that should carry the field, and those without it
select
    field,
    week,
    import_id,
    cast(sum(count_rows) as bigint) as count_rows,
    cast(sum(count_missing) as bigint) as count_missing
from {counts}
where week <= $through
group by field, week, import_id
having sum(count_rows) <> 0
order by all
