-- one row: the newest sequence number of the ledger, 0 where it is empty
select coalesce(max(sequence), 0) as newest
from agreed.ledger
