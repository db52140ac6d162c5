-- and which entries say what was known already
insert into landed.sightings
select $template as template, said_by, said_on, standing_by, standing_on, said_at
from refolded
where not is_version
