-- one row a record that is no fact by what its export says of such rows: a total, a row deleted in the source
select typed_rows.record, typed_rows.line
from typed_rows
inner join stage on typed_rows.record = stage.rowid
where {tests}
order by typed_rows.record
