-- one row a ledger row of the wanted kinds and workflow, oldest first; null wants all
select sequence, kind, workflow, subject, happened_at, actor, payload, previous_hash, hash
from agreed.ledger
where ($kinds is null or list_contains(cast($kinds as varchar[]), kind))
    and ($workflow is null or workflow = $workflow)
    and ($subject is null or subject = $subject)
order by sequence
