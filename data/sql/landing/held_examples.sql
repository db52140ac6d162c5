-- one row a cell of one column that would change, of the rows of a condition, the first lines first
select
    concat_ws(' · ', {key}) as row_key,
    {before}::varchar as before,
    {after}::varchar as after
from matches
inner join typed_rows on matches.record = typed_rows.record
inner join landed.{known} as known on matches.of_import = known.import_id and matches.of_line = known.line
where matches.outcome = 'updated' and (matches.replaced | matches.blanked) & $bit <> 0 and ({condition})
order by matches.line
limit $most
