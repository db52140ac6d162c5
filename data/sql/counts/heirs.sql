-- the rows in force of those leads (or assets) that have their workflow from them
create or replace temp table {made} as
select version.*
from landed.{standing} as version
semi join kept_links on version.{link} = kept_links.link
where version.workflow is null
