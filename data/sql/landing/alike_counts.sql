-- one row: in how many of the rows that are known something is true of a column
select {counts}
from matches
inner join typed_rows on matches.record = typed_rows.record
inner join landed.{known} as known on matches.of_import = known.import_id and matches.of_line = known.line
where matches.outcome in ('updated', 'unchanged') and not matches.is_retired
