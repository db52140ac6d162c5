-- one row an import whose rows would change and that are not of this export's own: its file, when it was known and landed,
-- and how many rows
select imports.file, imports.known_at::date as known_on, imports.landed_at::date as landed_on, count(*) as rows
from matches
inner join landed.imports as imports on matches.of_import = imports.import_id
where matches.outcome = 'updated' and (matches.replaced | matches.blanked) <> 0
group by all
order by all
