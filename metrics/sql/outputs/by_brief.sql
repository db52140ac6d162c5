-- one row a brief that is named: how many outputs of a workflow entered in a span; null for outputs that name none
select
    unit.brief_id,
    count(*) as units
from facts.{template} as unit
where
    unit.workflow = $workflow
    and cast(unit.{at} as date) between $first and $through
group by all
order by units desc, unit.brief_id
