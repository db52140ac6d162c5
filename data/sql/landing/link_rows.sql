-- one row: how many of these rows name another one, and how many of those name one that is known
select
    count(*) as naming,
    count(*) filter ({link} in (select link from ({known}))) as joined
from {rows}
where {link} is not null
