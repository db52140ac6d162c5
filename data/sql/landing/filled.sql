-- one row, one column a column of the template that nothing feeds: how many rows say something of it all the same
select {counts}
from typed_rows
