-- one row: rows that come whose days lie within those of another one of the same label, and the first with both
select
    count(distinct inner_row.line) as overlapping,
    min(inner_row.line) as line,
    arg_min(inner_row.series, inner_row.line) as series,
    arg_min(outer_row.line, inner_row.line) as other_line
from span_rows as inner_row
inner join span_rows as outer_row
    on inner_row.series = outer_row.series
    and inner_row.currency = outer_row.currency
    and inner_row.first_day >= outer_row.first_day
    and inner_row.last_day <= outer_row.last_day
    and inner_row.last_day - inner_row.first_day < outer_row.last_day - outer_row.first_day
    and inner_row.amount <= outer_row.amount * 1.001
where inner_row.is_coming and outer_row.is_coming and outer_row.last_day > outer_row.first_day
