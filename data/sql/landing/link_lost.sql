-- one row: rows that would change whose link leads to a known row, and those of them whose new one does not
with targets as ({known})

select
    count(*) as joined,
    count(*) filter (typed_rows.{link} not in (select link from targets)) as lost
from matches
inner join typed_rows on matches.record = typed_rows.record
inner join landed.{standing} as known on matches.of_import = known.import_id and matches.of_line = known.line
semi join targets on known.{link} = targets.link
where matches.outcome = 'updated'
