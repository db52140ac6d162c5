-- one row: how many identities of the sample there are, how many of them a known row would have if spelling were put
-- aside, and two of those with the known ones
with bare_links as (
    select link, cells.bare_identity(link) as bare
    from link_sample
),

alike as (
    select bare_links.link, min(known.{key}) as identity
    from landed.{standing} as known
    inner join bare_links on cells.bare_identity(known.{key}) = bare_links.bare
    where bare_links.bare <> ''
    group by bare_links.link
)

select
    (select count(*) from link_sample) as sampled,
    count(*) as count_alike,
    min(link) as link,
    arg_min(identity, link) as identity,
    max(link) as other,
    arg_max(identity, link) as other_identity
from alike
