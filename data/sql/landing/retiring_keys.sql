-- one row a named row
select identity as {key}
from retiring
