-- one row, one column a column of the template: how many rows of imports that don't say of what they speak fill it
select {counts}
from landed.{table} as version
semi join (
    select import_id
    from landed.imports
    where template = $template and columns is null
) as import on version.import_id = import.import_id
