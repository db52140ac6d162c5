-- at most one row: the number of a question whose counts are kept and follow the facts as they are
select question.number
from kept.questions as question
cross join kept.state as state
where
    question.key = $key
    and state.last_import = (select coalesce(max(import_id), 0) from landed.imports)
    and state.undone_imports = (select count(undone_at) from landed.imports)
    and state.stamp = (select max(stamp) from landed.schema_stamp)
