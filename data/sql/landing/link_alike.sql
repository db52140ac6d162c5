-- one row: how many of the sampled identities that join nothing are those of known rows if spelling is put aside, and
-- two of them with the known ones. Those that are written in the same way are others, however alike they are. A number alone is
-- also that of an identity with letters before it, L1 and 01, where that is asked
with bare_links as (
    select link, cells.bare_identity(link) as bare
    from link_sample
    where not is_joined
),

bare_known as materialized (
    select link, cells.bare_identity(link) as bare
    from ({known}) as known
),

pairs as (
    select bare_links.link, bare_known.link as identity
    from bare_known
    inner join bare_links on bare_known.bare = bare_links.bare
    where bare_links.bare <> ''
    union all
    select bare_links.link, bare_known.link as identity
    from bare_known
    inner join bare_links on cells.number_behind_letters(bare_known.bare) = bare_links.bare
    -- a number stands for what has letters only where some link is one
    where {by_number} and (select bool_or(regexp_full_match(bare, '[0-9]+')) from bare_links)
    union all
    select bare_links.link, bare_known.link as identity
    from bare_known
    inner join bare_links on bare_known.bare = cells.number_behind_letters(bare_links.bare)
    where {by_number}
),

alike as (
    select link, min(identity) as identity
    from pairs
    where cells.way_of_writing(identity) <> cells.way_of_writing(link)
    group by link
)

select
    count(*) as count_alike,
    list(link order by link)[1:$examples] as links,
    list(identity order by link)[1:$examples] as identities
from alike
