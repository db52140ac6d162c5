-- one row a row of the template, with the day that it tells of
select {template} as template, import_id, cast({moment} as date) as day, workflow
from facts.{table}
