-- one row a row that has become another one
select
    typed_rows.{key} as old_id,
    cells.identity(cells.known(stage.{cell}), $salt) as new_id,
    typed_rows.line
from typed_rows
inner join stage on typed_rows.record = stage.rowid
where cells.known(stage.{cell}) is not null
