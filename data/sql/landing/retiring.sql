-- one row an identity that a person has named, with its version in force; NULL where there is none
create or replace temp table retiring as
with named as (
    select unnest($identities) as text, generate_subscripts($identities, 1) as line
)

select
    named.line,
    coalesce(cells.identity(named.text, $salt), named.text) as identity,
    known.import_id as of_import,
    known.line as of_line
from named
left join landed.{known} as known on known.{key} = coalesce(cells.identity(named.text, $salt), named.text)
