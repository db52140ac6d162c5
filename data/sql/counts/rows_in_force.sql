-- one row: rows that the imports in force have brought, of one template where it is given
select coalesce(sum(rows_new), 0) as rows_landed
from landed.imports
where undone_at is null and ($template is null or template = $template)
