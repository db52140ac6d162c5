-- rows that are no more by what their export says land as such, and say nothing else, whatever their other cells hold
update typed_rows
set {silenced}, attributes = map()::map(varchar, varchar), is_retired = true
from stage
where typed_rows.record = stage.rowid and typed_rows.{key} is not null and ({condition});

delete from faults
using typed_rows
where faults.record = typed_rows.record and typed_rows.is_retired
