-- one row a registered version of one workflow's charter, oldest first
select workflow, version, content, content_hash, previous_hash, author, reason, registered_at
from agreed.charters
where workflow = $workflow
order by version
