-- removes what one import left in a table that names it
delete from landed.{table}
where import_id = $import_id
