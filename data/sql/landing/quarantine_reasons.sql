-- one row a reason, over every import in use: rows and imports concerned, and the newest row's sentence
select
    q.reason,
    -- on line 0 stands how many more there are
    count(distinct (q.import_id, q.line)) filter (q.line > 0)
    + coalesce(sum(try_cast(q.value as bigint)) filter (q.line = 0), 0)::bigint as count_rows,
    list(distinct q.import_id order by q.import_id) as imports,
    arg_max(i.file, (q.import_id, -q.line)) as newest_file,
    max(i.landed_at) as newest_at,
    arg_max(q.message, (q.import_id, case when q.line > 0 then -q.line end)) as example
from landed.quarantine as q
inner join landed.imports as i on q.import_id = i.import_id
where i.undone_at is null
group by q.reason
order by count_rows desc, q.reason
