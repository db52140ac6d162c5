-- one row a record of the file: the cells of which something is made, as text
create or replace temp table stage as
select {kept}
from {records}
