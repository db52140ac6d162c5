-- one row: first and last moment of a column, UTC
select min({column}) as first_moment, max({column}) as last_moment
from typed_rows
