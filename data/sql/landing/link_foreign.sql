-- one row: how many of the sampled identities that join nothing are written as no known one is, of the first that are
-- known, and examples of both sides
with known as (
    select link
    from ({known})
    limit $most
)

select
    (
        select count(*)
        from link_sample
        where
            not is_joined
            and cells.way_of_writing(link) not in (select cells.way_of_writing(known.link) from known)
    ) as count_foreign,
    (select list(link order by link)[1:$examples] from link_sample where not is_joined) as links,
    (select list(distinct link order by link)[1:$examples] from known) as identities
