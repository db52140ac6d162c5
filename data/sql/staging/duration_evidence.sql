-- one row: what the cells of a column of numbers say that are durations: how many, how many of them have two parts alone,
-- and an example of those and of the others
with cells_of_column as (
    select distinct cells.known(stage.{cell}) as cell
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    where typed_rows.unread & $bit <> 0
),

durations as (
    select cell, regexp_full_match(cell, '\d+:\d\d') as has_two_parts
    from cells_of_column
    where cell is not null and cells.duration_seconds(cell, true) is not null
)

select
    count(*) as durations,
    count(*) filter (has_two_parts) as with_two_parts,
    min(cell) filter (has_two_parts) as two_parts,
    min(cell) filter (not has_two_parts) as clear
from durations
