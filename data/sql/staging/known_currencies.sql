-- one row a currency of the rows in force
select distinct currency
from landed.{standing}
where currency is not null
