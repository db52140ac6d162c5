-- at most one row: the hash of one registered version
select content_hash
from agreed.charters
where workflow = $workflow and version = $version
