-- one row where any of the sampled identities is written as any of the first known ones are
select 1
from (select distinct cells.way_of_writing(link) as way from link_sample) as here
semi join (
    select distinct cells.way_of_writing({key}) as way
    from (
        select {key}
        from landed.{standing}
        limit $most
    ) as known
) as there on here.way = there.way
limit 1
