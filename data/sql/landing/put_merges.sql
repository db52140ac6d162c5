-- what an import says has become another row; rows that it holds as their own have not
insert into landed.merges
select $template as template, $import_id as import_id, line, old_id, new_id, $known_at as known_at
from merges_coming
where old_id not in (select {key} from typed_rows where is_retired is not true and {key} is not null)
