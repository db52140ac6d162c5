-- some of the identities of a file that no row is known by, each once
create or replace temp table link_sample as
select typed_rows.{key} as link
from typed_rows
anti join landed.{standing} as known on typed_rows.{key} = known.{key}
where typed_rows.{key} is not null
group by typed_rows.{key}
limit $most
