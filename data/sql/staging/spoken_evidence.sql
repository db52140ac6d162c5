-- one row: what the cells of a column prove that are no usual times, once their days of the week, zones and words for the
-- parts of a day are understood; and which zones they name in letters
with unusual as (
    select min(cells.known(stage.{cell})) as cell
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    where typed_rows.unread & $bit <> 0
    group by cells.of_day(cells.known(stage.{cell}))
),

plain as (
    select cell, cells.plainly(cell) as text
    from unusual
    where cell is not null and cells.clear_time(cell, 'UTC') is null
),

parts as (
    select
        cell,
        cells.parts_of_time(text) as parts,
        cells.spoken_time(cell, 'UTC') is not null as is_clear,
        regexp_extract(text, '^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(\D.*)?$', ['a', 'b']) as numbers
    from plain
),

numbered as (
    select *, try_cast(numbers.a as integer) as a, try_cast(numbers.b as integer) as b
    from parts
)

select
    count(*) filter (is_clear) as clear,
    count(*) filter (a between 1 and 12 and b between 1 and 31 or b between 1 and 12 and a between 1 and 31) as slashed,
    count(*) filter (a between 13 and 31 and b between 1 and 12) as day_first,
    count(*) filter (b between 13 and 31 and a between 1 and 12) as month_first,
    min(cell) filter (a between 1 and 12 and b between 1 and 12 and a <> b) as open_example,
    coalesce(list_sort(list(distinct upper(parts.letters)) filter (parts.letters <> '')), []) as letters,
    min(cell) filter (is_clear) as example
from numbered
