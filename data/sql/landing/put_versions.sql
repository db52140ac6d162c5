-- appends the versions that remain
insert into landed.{table} ({columns}, attributes, modified_at, known_at, import_id, line, is_retired)
select {columns}, attributes, modified_at, _said_at, _said_by, _said_on, is_retired
from refolded
where _is_version
