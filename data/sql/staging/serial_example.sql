-- one row: a number that stands for a moment, and that moment
select
    cells.known({cell}) as cell,
    strftime({style}(cells.known({cell}), 'UTC'), '%Y-%m-%d %H:%M') as moment
from stage
where {style}(cells.known({cell}), 'UTC') is not null and try_cast({cell} as double) is not null
order by rowid
limit 1
