-- replaces what was known to have become what
delete from landed.aliases
where template = $template;

insert into landed.aliases
select $template, old_id, new_id
from aliases_now
