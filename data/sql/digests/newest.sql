-- what was noted last of every import of a template
select import_id, columns, engine, row_count, digest
from landed.digests
where template = $template
qualify row_number() over (partition by import_id order by sequence desc) = 1
