-- one row: what the cells of a column prove about decimal point and decimal comma
with separated as (
    -- cells without a separator prove nothing
    select distinct cells.known({cell}) as cell
    from stage
    where contains({cell}, ',') or contains({cell}, '.')
),

read as (
    select
        cell,
        cells.point_number(cell) as by_point,
        cells.comma_number(cell) as by_comma
    from separated
    where cell is not null
)

select
    count(*) filter (by_point is not null and by_comma is null) as only_point,
    count(*) filter (by_comma is not null and by_point is null) as only_comma,
    count(*) filter (by_point <> by_comma) as either,
    min(cell) filter (by_point is not null and by_comma is null) as point_example,
    min(cell) filter (by_comma is not null and by_point is null) as comma_example,
    min(cell) filter (by_point <> by_comma) as either_example
from read
