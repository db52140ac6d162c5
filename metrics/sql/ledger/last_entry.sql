-- at most one row: the newest row of the ledger
select sequence, hash
from agreed.ledger
order by sequence desc
limit 1
