-- one row a factor by which amounts of known rows would be multiplied, the units (powers of ten) and the most frequent first: whether
-- it is one, how many rows it is of, how many change their amount, and how many are known
with factors as (
    select
        round(factor, 3) as factor,
        count(*) as row_count,
        count(*) filter (abs(log10(factor) - round(log10(factor))) < 0.00001) as exact
    from matches
    where outcome = 'updated' and factor > 0
    group by all
)

select
    factor,
    abs(factor - 1) > 0.5 and 2 * exact > row_count as is_unit,
    row_count,
    (select sum(row_count) from factors) as changing_rows,
    (select count(*) from matches where outcome in ('updated', 'unchanged') and not is_retired) as known_rows
from factors
where abs(factor - 1) > 0.005
order by is_unit desc, row_count desc, factor
limit 2
