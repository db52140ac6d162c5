-- one row: the newest row of the ledger of the wanted kinds, 0 where there is none
select coalesce(max(sequence), 0) as newest
from agreed.ledger
where list_contains(cast($kinds as varchar[]), kind)
