-- one row where kept counts follow the facts as they are
select 1
from kept.state as state
where
    state.last_import = (select coalesce(max(import_id), 0) from landed.imports)
    and state.undone_imports = (select count(undone_at) from landed.imports)
    and state.stamp = (select max(stamp) from landed.schema_stamp)
