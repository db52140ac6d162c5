-- one row a column (its place among the cells) of which at least half of the cells looked at are e-mail addresses, phone
-- numbers, accounts or pages of people in a network, or street addresses; numbers without a sign of a telephone's do not
-- count in places that are $numbered, whose heading names what systems number
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
        regexp_full_match(cell, '(?i)((tel|phone|telefon|mobile?|cell|fax|handy)[.:]* ?)?(\+|00)?[0-9(][0-9 ()./-]{7,18}[0-9]')
        and regexp_matches(cell, '^([[:alpha:].: ]*)(\+|00|\(|0)|[0-9][ ()/.-]+[0-9]+[ ()/.-]')
        and try_cast(cell as timestamp) is null
        and (not list_contains($numbered, place) or regexp_matches(cell, '^\+|[[:alpha:](]'))
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
            '^[0-9]+[a-z]?,? [^0-9]+ (street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|square)\b'
            || '|(straße|strasse|str\.?|weg|platz|allee|gasse|straat|laan|gracht|gatan|vägen) [0-9]+ ?[a-z]?\b'
            || '|^[0-9]+( ?bis| ?ter)?,? (rue|avenue|boulevard|bd|chemin|impasse) '
            || '|^(rue|avenue|boulevard|chemin|calle|c/|avenida|avda\.|rua|ul\.|al\.) .*[0-9]'
            || '|^(via|viale|corso|piazza) [^0-9]+, ?[0-9]|^p\.? ?o\.? box [0-9]|丁目|番地'
        )
    ) * 2 >= count(*)
