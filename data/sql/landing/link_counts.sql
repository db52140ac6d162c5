-- one row: how many rows name another one, how many of the sampled identities are those of rows that are known if
-- spelling is put aside, and an example of both sides, alike where there are alike ones
with bare_links as (
    select link, cells.bare_identity(link) as bare
    from link_sample
),

alike as (
    select bare_links.link, known.{key} as identity
    from {targets} as known
    inner join bare_links on cells.bare_identity(known.{key}) = bare_links.bare
)

select
    (select count(*) from {rows} where {link} is not null) as naming,
    (select count(distinct link) from alike) as count_alike,
    coalesce((select min(link) from alike), (select min(link) from link_sample)) as link,
    coalesce((select arg_min(identity, link) from alike), (select min({key}) from {targets})) as identity
