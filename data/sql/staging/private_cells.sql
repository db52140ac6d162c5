-- one row: of the first cells of a column, how many are filled, e-mail addresses, phone numbers
select
    count(cell) as filled,
    count(*) filter (cells.is_address(cell)) as addresses,
    count(*) filter (
        regexp_full_match(cell, '(\+|00)?[0-9][0-9 ()./-]{7,18}[0-9]')
        and regexp_matches(cell, '^(\+|00|\(|0)|[0-9][ ()/.-]+[0-9]+[ ()/.-]')
        and try_cast(cell as date) is null
        and try_cast(cell as timestamp) is null
    ) as phones
from (
    select cells.known({cell}) as cell
    from stage
    limit 2000
)
