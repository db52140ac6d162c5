-- one row a registered charter version, by workflow and version
select workflow, version, content, content_hash, previous_hash, author, reason, registered_at
from agreed.charters
order by workflow, version
