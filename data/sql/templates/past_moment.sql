-- one row a version of a row of the template that says when this happened
select import_id, cast(facts.local_time({column}) as date) as day
from landed.{table}
where {column} is not null
