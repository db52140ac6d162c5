-- some of the identities that a column of these rows names, each once
create or replace temp table link_sample as
select {link} as link
from {rows}
where {link} is not null
group by {link}
limit $most
