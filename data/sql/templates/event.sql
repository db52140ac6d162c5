-- one row a row of the template that says when this happened
select {template} as source, workflow, cast({column} as date) as day
from facts.{table}
where {column} is not null
