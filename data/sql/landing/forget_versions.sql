-- removes the versions of one import
delete from landed.{table}
where import_id = $import_id
