-- one row a row of an import that was set aside, with its cells and what to correct
select any_value(cells) as cells, string_agg(message, ' ' order by column_name) as words
from landed.quarantine
where import_id = $import_id and cells is not null
group by line
order by line
