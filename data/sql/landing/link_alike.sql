-- one row: how many of the sampled identities that join nothing are those of known rows if spelling is put aside, and
-- two of them with the known ones. Those that are written in the same way are others, however alike they are
with bare_links as (
    select link, cells.bare_identity(link) as bare
    from link_sample
    where not is_joined
),

alike as (
    select bare_links.link, min(known.link) as identity
    from ({known}) as known
    inner join bare_links on cells.bare_identity(known.link) = bare_links.bare
    where bare_links.bare <> '' and cells.way_of_writing(known.link) <> cells.way_of_writing(bare_links.link)
    group by bare_links.link
)

select
    count(*) as count_alike,
    list(link order by link)[1:$examples] as links,
    list(identity order by link)[1:$examples] as identities
from alike
