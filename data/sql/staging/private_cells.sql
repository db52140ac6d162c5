-- one row a column (its place among the cells) of which at least half of the cells looked at are e-mail addresses, phone
-- numbers, accounts or pages of people in a network, or street addresses
with seen_rows as (
    select *
    from stage
    where rowid < 500 or rowid % greatest((select count(*) from stage) // 500, 1) = 0
),

seen_cells as (
    select unnest($places) as place, unnest([{cells}]) as text
    from seen_rows
),

known_cells as (
    select place, cells.known(text) as cell
    from seen_cells
)

select place
from known_cells
where cell is not null
group by place
having
    count(*) filter (cells.is_address(cell)) * 2 >= count(*)
    or count(*) filter (
        regexp_full_match(cell, '(\+|00)?[0-9(][0-9 ()./-]{7,18}[0-9]')
        and regexp_matches(cell, '^(\+|00|\(|0)|[0-9][ ()/.-]+[0-9]+[ ()/.-]')
        and try_cast(cell as timestamp) is null
    ) * 2 >= count(*)
    or count(*) filter (
        regexp_matches(
            cell,
            '^@[[:alnum:]_.]{2,}$|(linkedin\.com/(in|pub)|xing\.com/profile|(twitter|x|facebook|instagram|github)\.com|t\.me)/[[:alnum:]]'
        )
    ) * 2 >= count(*)
    or count(*) filter (
        regexp_matches(
            lower(cell),
            '^[0-9]+[a-z]?,? [^0-9]+ (street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct)\b'
            || '|(straße|strasse|str\.|weg|platz|allee|gasse) [0-9]+[a-z]?\b|^[0-9]+,? (rue|avenue|boulevard|chemin) '
            || '|^(calle|avenida|via|rua|ul\.) .*[0-9]'
        )
    ) * 2 >= count(*)
