-- no row of a template
create or replace temp table {made} as
select *
from landed.{table}
limit 0
