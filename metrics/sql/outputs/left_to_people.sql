-- one row a workflow of which some units were left to people
select unit.workflow
from facts.{template} as unit
where unit.handled_by = 'human'
group by unit.workflow
