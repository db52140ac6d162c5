-- every note, oldest first
select sequence, import_id, template, columns, engine, row_count, digest, previous_hash, hash
from landed.digests
order by sequence
