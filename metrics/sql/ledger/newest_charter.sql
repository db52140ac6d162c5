-- at most one row: the newest version of one workflow's charter
select version, content, content_hash
from agreed.charters
where workflow = $workflow
order by version desc
limit 1
