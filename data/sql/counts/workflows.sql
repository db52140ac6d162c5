-- one row a workflow of these rows
select distinct workflow
from {view}
