-- one row: how many different days that are written as ISO 8601 are of the first twelve of a month and not as its number
-- (swapped with the month they would be others), how many are later ones, and one of the former
with days as (
    select distinct stage.{cell} as cell, cells.iso_time(stage.{cell}, 'UTC') as moment
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    where typed_rows.unread & $bit = 0
)

select
    count(*) filter (day(moment) <= 12 and day(moment) <> month(moment)) as converted,
    count(*) filter (day(moment) > 12) as others,
    min(cell) filter (day(moment) <= 12 and day(moment) <> month(moment)) as example
from days
where moment is not null
