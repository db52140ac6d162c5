-- one row a factor by which amounts of known rows would be multiplied, the units (powers of ten) and the most frequent first: whether
-- it is one, how many rows it is of, and how many are known with an amount
with factors as (
    select round(factor, 3) as factor, count(*) as row_count
    from matches
    where outcome = 'updated' and factor > 0
    group by all
)

select
    factor,
    factor <> 0 and abs(log10(nullif(factor, 0)) - round(log10(nullif(factor, 0)))) < 0.0005 and abs(factor - 1) > 0.5 as is_unit,
    row_count,
    (select count(*) from matches where outcome in ('updated', 'unchanged') and not is_retired) as known_rows
from factors
where abs(factor - 1) > 0.005
order by is_unit desc, row_count desc, factor
limit 2
