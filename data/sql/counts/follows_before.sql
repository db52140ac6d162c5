-- one row where the kept counts follow everything but one import
select 1
from kept.state as state
where
    state.last_import = (select coalesce(max(import_id), 0) from landed.imports where import_id <> $import_id)
    and state.undone_imports = (select count(undone_at) from landed.imports)
    and state.stamp = (select max(stamp) from landed.schema_stamp)
