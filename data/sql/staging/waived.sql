-- one row: how many rows hold a cell of a column that can't be read and by which they are not judged, and two such cells
select count(*) as rows, list_slice(list_sort(list(distinct cells.known(stage.{cell}))), 1, 2) as examples
from typed_rows
inner join stage on typed_rows.record = stage.rowid
where typed_rows.unread & $bit <> 0
