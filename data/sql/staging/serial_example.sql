-- one row: a day number of a spreadsheet and the moment it stands for
select
    cells.known({cell}) as cell,
    strftime(cells.serial_time(cells.known({cell}), 'UTC'), '%Y-%m-%d %H:%M') as moment
from stage
where cells.serial_time(cells.known({cell}), 'UTC') is not null
order by rowid
limit 1
