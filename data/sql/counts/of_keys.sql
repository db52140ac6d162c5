-- the rows in force of those keys
create or replace temp table {side} as
select version.*
from landed.{standing} as version
semi join kept_keys on {same_key}
