-- one row: of a sample of the rows that would be new, how many there are, and how many of a moment that is known
with here as materialized (
    select typed_rows.{at} as moment
    from typed_rows
    inner join fresh_rows on typed_rows.record = fresh_rows.record
    where hash(fresh_rows.record) % $every::ubigint = 0
),

met as (
    select distinct known.{at} as moment
    from landed.{standing} as known
    semi join here on known.{at} = here.moment
)

select
    count(*) as fresh,
    count(*) filter (here.moment is null or met.moment is not null) as met
from here
left join met on here.moment = met.moment
