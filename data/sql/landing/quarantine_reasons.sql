-- one row a reason, over every import in use: rows and imports concerned, and the newest row's sentence
select
    q.reason,
    count(distinct (q.import_id, q.line)) as count_rows,
    list(distinct q.import_id order by q.import_id) as imports,
    arg_max(i.file, (q.import_id, -q.line)) as newest_file,
    max(i.landed_at) as newest_at,
    arg_max(q.message, (q.import_id, -q.line)) as example
from landed.quarantine as q
inner join landed.imports as i on q.import_id = i.import_id
where i.undone_at is null
group by q.reason
order by count_rows desc, q.reason
