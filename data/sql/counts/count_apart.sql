-- what was counted for many, of one workflow
create table kept.{counts} as
select * exclude (asked_of)
from counted_together
where asked_of = $workflow
