-- of every import from one on: how many rows it has, and the sum of their hashes
select import_id, count(*), sum(hash({columns}))
from landed.{table}
where import_id >= $from_import
group by import_id
