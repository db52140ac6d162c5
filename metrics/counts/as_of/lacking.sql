-- one row a week and import: rows that are counted, those without an amount and those whose amount is below 0
select
    week,
    import_id,
    cast(sum(count_rows) as bigint) as count_rows,
    cast(sum(count_missing) as bigint) as count_missing,
    cast(sum(count_negative) as bigint) as count_negative
from {counts}
where week <= $through
group by week, import_id
having sum(count_rows) <> 0
order by all
