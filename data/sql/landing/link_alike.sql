-- one row: how many of the sampled identities that join nothing are those of known rows if spelling is put aside, and
-- two of them with the known ones. Those that are written in the same way are others, however alike they are. A number alone is
-- also that of an identity with letters before it, L1 and 01, where that is asked and some link is one
with bare_links as materialized (
    select
        link,
        bare,
        case when {by_number} and bare <> '' then cells.number_behind_letters(bare) end as number,
        {by_number} and regexp_full_match(bare, '[0-9]+') as is_number
    from (
        select link, cells.bare_identity(link) as bare
        from link_sample
        where not is_joined
    )
),

wanted as materialized (
    select bare from bare_links where bare <> ''
    union
    select number from bare_links where number is not null
),

bare_known as (
    select link, bare, case when has_numbers then cells.number_behind_letters(bare) end as number
    from (
        select
            link,
            cells.bare_identity(link) as bare,
            (select bool_or(is_number) from bare_links) as has_numbers
        from ({known}) as known
    )
),

met as materialized (
    select *
    from bare_known
    where bare in (select bare from wanted) or number in (select bare from wanted)
),

pairs as (
    select bare_links.link, met.link as identity
    from met
    inner join bare_links on met.bare = bare_links.bare
    where bare_links.bare <> ''
    union all
    select bare_links.link, met.link as identity
    from met
    inner join bare_links on met.number = bare_links.bare
    union all
    select bare_links.link, met.link as identity
    from met
    inner join bare_links on met.bare = bare_links.number
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
