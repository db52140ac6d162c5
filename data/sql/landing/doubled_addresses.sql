-- one row: of the addresses of a sample of the rows that would be new, how many there are, and how many are those of one known row each
-- that the file does not hold; and two rows with the known ones
with here as materialized (
    select said, count(*) as row_count, min(row_key) as row_key
    from (
        select unnest(map_values(typed_rows.attributes)) as said, {here_key} as row_key
        from typed_rows
        inner join fresh_rows on typed_rows.record = fresh_rows.record
        where hash(fresh_rows.record) % $every::ubigint = 0
    )
    where starts_with(said, 'hashed:')
    group by said
),

met as (
    select known.*
    from (
        select {key_columns}, unnest(map_values(attributes)) as said
        from landed.{standing}
    ) as known
    semi join here on known.said = here.said
),

there as (
    select said, count(*) as row_count, min({key}) as row_key
    from met as known
    anti join typed_rows on {same_key}
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
    list(row_key order by row_key)[1:2] as here,
    list(known_key order by row_key)[1:2] as there
from same
