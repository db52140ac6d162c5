-- removes what one import replaced, so that it stands again, and what of it was out of date when it came
delete from landed.superseded
where by_import = $import_id or import_id = $import_id
