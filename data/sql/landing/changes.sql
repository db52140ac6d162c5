-- one row a cell of one column that an update would replace, the first lines first
select
    matches.line,
    concat_ws(' · ', {key}) as row_key,
    {before}::varchar as before,
    {after}::varchar as after
from matches
inner join typed_rows on matches.record = typed_rows.record
inner join landed.{standing} as standing on matches.of_import = standing.import_id and matches.of_line = standing.line
where matches.outcome = 'updated' and typed_rows.{column} is distinct from standing.{column}
order by matches.line
limit $most
