-- one row: an ISO time of a column some of whose cells are none; NULL where it has no other
select min(stage.{cell}) as example
from typed_rows
inner join stage on typed_rows.record = stage.rowid
where typed_rows.unread & $bit = 0 and cells.iso_time(stage.{cell}, 'UTC') is not null
