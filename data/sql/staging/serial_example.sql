-- one row: a number that stands for a moment, and that moment
select cell, strftime(moment, '%Y-%m-%d %H:%M') as moment
from (
    select record, cell, {style}(cell, 'UTC') as moment
    from (
        select rowid as record, cells.known({cell}) as cell
        from stage
        where cells.day_number({cell}) is not null
    )
)
where moment is not null
order by record
limit 1
