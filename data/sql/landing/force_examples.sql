-- one row a row of the export that goes out of force, or is in force again, the first lines first
select concat_ws(' · ', {key}) as row_key
from matches
inner join typed_rows on matches.record = typed_rows.record
where matches.outcome = $outcome and matches.was_retired = ($outcome = 'updated')
order by matches.line
limit $most
