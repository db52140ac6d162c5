-- one row: how many rows would be new, and how many of them name another one; the same of those that are known
with coming as (
    select count(*) as new, count({link}) as new_naming
    from typed_rows
    semi join fresh_rows on typed_rows.record = fresh_rows.record
),

known as (
    select count(*) as known, count({link}) as known_naming
    from landed.{standing}
)

select coming.new, coming.new_naming, known.known, known.known_naming
from coming
cross join known
