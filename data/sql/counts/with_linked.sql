-- what came, or what went, beside everything else in force of the same leads (or assets)
create or replace temp table {made} as
select linked.*
from {linked} as linked
anti join kept_now on linked.import_id = kept_now.import_id and linked.line = kept_now.line
union all
select *
from {side}
