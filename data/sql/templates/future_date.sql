-- one row a fault of a row: what has happened can't lie in the future
insert into faults
select record, line, {word} as column_name, {column}::varchar as value, 'future_date' as reason
from typed_rows
where {column} >= $limit
