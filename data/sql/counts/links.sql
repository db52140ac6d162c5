-- one row a lead (or asset) that the rows which came and went belong to
create or replace temp table kept_links as
select {link} as link
from kept_was
where {link} is not null
union
select {link} as link
from kept_now
where {link} is not null
