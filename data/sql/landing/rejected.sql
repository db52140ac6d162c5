-- one row a fault of a quarantined row
select line, column_name, value, reason, message, raw
from landed.quarantine
where import_id = $import_id
order by line, column_name, reason
