-- some of the identities that a column of these rows names, each once, and whether a row is known by it; of many rows one
-- identity of $every is looked at
create or replace temp table link_sample as
with named as (
    select {link} as link
    from {rows}
    where {link} is not null and hash({link}) % $every::ubigint = 0
    group by {link}
    limit $most
),

joined as (
    select known.link
    from ({known}) as known
    semi join named on known.link = named.link
)

select
    named.link,
    named.link in (select link from joined) as is_joined
from named
