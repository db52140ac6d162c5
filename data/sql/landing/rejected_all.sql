-- one row a fault of a quarantined row of any import in use; those of one reason where $reason is given. After those of an
-- import, without a line, how many more there are of a reason
select
    q.import_id,
    i.file,
    nullif(q.line, 0) as line,
    q.column_name,
    case when q.line > 0 then q.value end as value,
    q.reason,
    q.message,
    q.raw
from landed.quarantine as q
inner join landed.imports as i on q.import_id = i.import_id
where i.undone_at is null and ($reason is null or q.reason = $reason)
order by q.import_id, nullif(q.line, 0) nulls last, q.column_name, q.reason
