-- one row: of a sample of the rows that would be new (by what they say), how many there are, how many say what as many
-- known rows say that the file does not hold, in how many different ways, and two of them with the known ones
with here as materialized (
    select said, count(*) as rows, min(row_key) as row_key
    from (
        select hash({here}) as said, {here_key} as row_key
        from typed_rows
        inner join fresh_rows on typed_rows.record = fresh_rows.record
    )
    where said % $every::ubigint = 0
    group by said
    having count(*) <= $most_alike
),

met as (
    select *
    from (
        select known.*, hash({there}) as said
        from landed.{standing} as known
    ) as known
    semi join here on known.said = here.said
),

there as (
    select said, count(*) as rows, min({key}) as row_key
    from met as known
    anti join typed_rows on {same_key}
    group by said
),

same as (
    select here.rows, here.row_key, there.row_key as known_key
    from here
    inner join there on here.said = there.said and here.rows = there.rows
)

select
    (select coalesce(sum(rows), 0) from here) as fresh,
    coalesce(sum(rows), 0) as same,
    count(*) as ways,
    list(row_key order by row_key)[1:2] as here,
    list(known_key order by row_key)[1:2] as there
from same
