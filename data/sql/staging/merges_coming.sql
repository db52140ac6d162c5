-- one row an identity that has become another one
create or replace temp table merges_coming as
select * exclude (is_circle)
from merges_said
where not is_circle
