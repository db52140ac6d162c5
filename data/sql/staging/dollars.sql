-- one row where some amount or currency is written with the sign of a dollar that may be any, none otherwise
select 1 as dollars
from stage
where ({tests}) and {lands}
limit 1
