-- one row a record that may be a total, a comment or the header again, with all its cells; at most $most
select odd_row
from stage
where odd_row is not null
limit $most
