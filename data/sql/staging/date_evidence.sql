-- one row: what the cells of a column that are no ISO times prove about the order of day and month
with cells_of_column as (
    select min(cells.known(stage.{cell})) as cell
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    where typed_rows.unread & $bit <> 0 and cells.iso_time(stage.{cell}, 'UTC') is null
    group by cells.of_day(cells.known(stage.{cell}))
),

numbers as (
    select
        cell,
        cells.clear_time(cell, 'UTC') is not null as is_clear,
        regexp_extract(cell, '^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(\D.*)?$', 1) as first_number,
        regexp_extract(cell, '^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(\D.*)?$', 2) as second_number,
        regexp_extract(cell, '^(\d\d)([./-])(\d\d)[./-](\d\d)(\D.*)?$', ['x', 'sign', 'y', 'z']) as pairs,
        cells.day_number(cell) between 24107 and 73050 as is_serial,
        cells.epoch_time(cell, 'UTC') is not null as is_epoch
    from cells_of_column
    where cell is not null
),

classified as (
    select
        cell,
        is_clear,
        coalesce(is_serial, false) as is_serial,
        is_epoch,
        -- how the day is written, digits and letters alike: '5. Januar 2026' and '12. Mai 2026' are one way
        regexp_replace(
            regexp_replace(
                regexp_replace(cell, '[ T,]+\d{1,2}[:h]\d{2}.*$', ''), '[' || cells.letters() || ']+\.?', 'a', 'g'
            ), '\d+', '9', 'g'
        ) as shape,
        first_number <> '' as is_slashed,
        -- a zone or words for a part of the day, beside AM and PM
        regexp_matches(regexp_replace(cell, '[AaPp]\.? ?[Mm]\.?$', ''), '[' || cells.letters() || '+]|:\d\d ?-\d\d:?\d\d$') as says_more,
        case when is_clear and pairs.sign <> '.' then null else try_cast(pairs.x as integer) end as x,
        try_cast(pairs.y as integer) as y,
        try_cast(pairs.z as integer) as z,
        try_cast(first_number as integer) as a,
        try_cast(second_number as integer) as b
    from numbers
)

select
    count(*) filter (is_clear and not is_epoch) as clear,
    count(*) filter (is_slashed) as slashed,
    count(*) filter (a between 13 and 31 and b between 1 and 12) as day_first,
    count(*) filter (b between 13 and 31 and a between 1 and 12) as month_first,
    count(*) filter (a between 1 and 12 and b between 1 and 12 and a <> b) as undecided,
    count(*) filter (is_serial and not is_clear) as serial,
    min(cell) filter (a between 13 and 31 and b between 1 and 12) as day_example,
    min(cell) filter (b between 13 and 31 and a between 1 and 12) as month_example,
    min(cell) filter (a between 1 and 12 and b between 1 and 12) as open_example,
    count(*) filter (is_epoch) as epoch,
    count(distinct shape) filter (is_clear or is_slashed) as shapes,
    arg_min(cell, shape) filter (is_clear or is_slashed) as one_shape,
    arg_max(cell, shape) filter (is_clear or is_slashed) as other_shape,
    count(*) filter (not is_clear and not is_serial and not is_epoch and (not is_slashed or says_more)) as unusual,
    {
        'cells': count(*) filter (x is not null),
        'dotted': count(*) filter (x is not null and is_clear),
        'example': min(cell) filter (x is not null),
        'year_first': count(*) filter (x is not null and y between 1 and 12 and z between 1 and 31),
        'year_last': count(*) filter (
            x is not null and (y between 1 and 12 and x between 1 and 31 or x between 1 and 12 and y between 1 and 31)
        ),
        'newest_first': max(x),
        'newest_last': max(z) filter (x is not null),
        'firsts': count(distinct x),
        'lasts': count(distinct z) filter (x is not null)
    } as pairs
from classified
