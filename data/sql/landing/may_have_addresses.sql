-- one row where some of the first rows that would be new has an address as a pseudonym, none otherwise
select 1 as has_addresses
from (
    select typed_rows.attributes
    from typed_rows
    semi join (select record from fresh_rows order by record limit $most) as taken on typed_rows.record = taken.record
)
where len(list_filter(map_values(attributes), lambda said: starts_with(said, 'hashed:'))) > 0
limit 1
