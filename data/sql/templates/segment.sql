-- one row a row of the template of the workflow, with its value of the segment
select
    case $segment {columns} else unit.attributes[$segment] end as value,
    cast({moment} as date) as day,
    unit.import_id
from facts.{table} as unit
where unit.workflow = $workflow
