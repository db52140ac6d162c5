-- one row a known row whose cell of one column is blank now, the first lines first: its identity and what is known
select
    concat_ws(' · ', {key}) as row_key,
    {was}::varchar as was
from matches
inner join landed.{known} as known on matches.of_import = known.import_id and matches.of_line = known.line
where matches.outcome = 'updated' and matches.blanked & $bit <> 0
order by matches.line
limit $most
