-- one row a way in which a person may be named in this workspace: as somebody says it, and as it is kept
create or replace temporary table erased_names as
select distinct name
from (
    select unnest([$said, cells.identity($said, $salt), cells.pseudonym($said, $salt)]) as name
)
where name <> ''
