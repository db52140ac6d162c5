-- one row: what the cells of a column prove about decimal point and decimal comma. A cell that is read the same
-- either way proves nothing; needs_point counts those that are no plain numbers but can be read with a point.
with doubtful as (
    select cells.known({cell}) as cell
    from stage
    where contains({cell}, ',') or contains({cell}, '.') and length({cell}) - strpos({cell}, '.') = 3
    union
    select cells.known(stage.{cell}) as cell
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    where typed_rows.unread & $bit <> 0 and cells.plain_number(stage.{cell}) is null
),

read as materialized (
    select
        cell,
        cells.plain_number(cell) as by_itself,
        cells.point_number(cell) as by_point,
        cells.comma_number(cell) as by_comma
    from doubtful
    where cell is not null
),

-- a point that does not stand before exactly three digits can only be a decimal point
points as (
    select count(*) as cells, min({cell}) as example
    from stage
    where
        contains({cell}, '.')
        and not contains({cell}, ',')
        and length({cell}) - strpos({cell}, '.') <> 3
        and cells.plain_number({cell}) is not null
)

select
    count(*) filter (by_point is not null and by_comma is null) + any_value(points.cells) as only_point,
    count(*) filter (by_comma is not null and by_point is null) as only_comma,
    count(*) filter (by_point <> by_comma) as either,
    count(*) filter (by_point is not null and by_itself is null) as needs_point,
    coalesce(min(cell) filter (by_point is not null and by_comma is null), any_value(points.example)) as point_example,
    min(cell) filter (by_comma is not null and by_point is null) as comma_example,
    min(cell) filter (by_point <> by_comma) as either_example,
    min(cell) filter (by_itself is null and coalesce(by_point, by_comma) is not null and cells.scale_of(cell) is not null)
        as scaled_example,
    count(*) filter (by_itself is null and coalesce(by_point, by_comma) is not null and cells.scale_of(cell) is not null)
        as scaled
from points
left join read on true
