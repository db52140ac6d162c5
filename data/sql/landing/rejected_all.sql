-- one row a fault of a quarantined row of any import in use; those of one reason where $reason is given
select q.import_id, i.file, q.line, q.column_name, q.value, q.reason, q.message, q.raw
from landed.quarantine as q
inner join landed.imports as i on q.import_id = i.import_id
where i.undone_at is null and ($reason is null or q.reason = $reason)
order by q.import_id, q.line, q.column_name, q.reason
