-- one row: of a sample of the addresses of rows that would be new, how many there are, how many are those of one known row each
-- that the file does not hold; how many known addresses there are and several rows have; and two rows with the known ones
with here as (
    select said, count(*) as row_count, min(row_key) as row_key
    from (
        select
            unnest(list_filter(map_values(typed_rows.attributes), lambda said: starts_with(said, 'hashed:'))) as said,
            {here_key} as row_key
        from typed_rows
        inner join fresh_rows on typed_rows.record = fresh_rows.record
    )
    where hash(said) % $every = 0
    group by said
),

there as materialized (
    select said, count(*) as row_count, min(row_key) as row_key
    from (
        select
            unnest(list_filter(map_values(known.attributes), lambda said: starts_with(said, 'hashed:'))) as said,
            {key} as row_key
        from landed.{standing} as known
        anti join typed_rows on {same_key}
    )
    where hash(said) % $every = 0
    group by said
),

same as (
    select here.row_key, there.row_key as known_key
    from here
    inner join there on here.said = there.said and here.row_count = 1 and there.row_count = 1
)

select
    (select count(*) from here) as addresses,
    count(*) as same,
    (select count(*) from there) as known,
    (select count(*) from there where row_count > 1) as shared,
    list(row_key order by row_key)[1:2] as here,
    list(known_key order by row_key)[1:2] as there
from same
