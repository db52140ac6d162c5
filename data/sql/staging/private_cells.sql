-- one row a column (its place among the cells) of which at least half of the first cells are e-mail addresses or phone numbers
with first_cells as (
    select unnest($places) as place, unnest([{cells}]) as text
    from (select * from stage limit 1000)
),

known_cells as (
    select place, cells.known(text) as cell
    from first_cells
)

select place
from known_cells
where cell is not null
group by place
having
    count(*) filter (cells.is_address(cell)) * 2 >= count(*)
    or count(*) filter (
        regexp_full_match(cell, '(\+|00)?[0-9][0-9 ()./-]{7,18}[0-9]')
        and regexp_matches(cell, '^(\+|00|\(|0)|[0-9][ ()/.-]+[0-9]+[ ()/.-]')
        and try_cast(cell as timestamp) is null
    ) * 2 >= count(*)
