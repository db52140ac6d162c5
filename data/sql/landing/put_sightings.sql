-- and which entries say what was known already
insert into landed.sightings
select $template as template, _said_by, _said_on, _standing_by, _standing_on, _said_at
from refolded
where not _is_version
