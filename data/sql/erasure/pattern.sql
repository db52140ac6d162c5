-- one row: a pattern that finds any of the names where it stands by itself, in groups: before, the name, after
select '(^|[^\w@.+-])(' || string_agg(regexp_escape(name), '|') || ')($|[^\w@+-])'
from (select name from erased_names union select id from erased_leads)
