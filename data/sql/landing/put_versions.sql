-- appends the versions that remain
insert into landed.{table} ({columns}, attributes, modified_at, known_at, import_id, line)
select {columns}, attributes, modified_at, said_at, said_by, said_on
from refolded
where is_version
