-- one row a fault of a quarantined row; last, without a line, how many more there are of a reason
select nullif(line, 0) as line, column_name, case when line > 0 then value end as value, reason, message, raw
from landed.quarantine
where import_id = $import_id
order by line nulls last, column_name, reason
