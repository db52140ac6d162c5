-- one row a workflow: rows of a template that belong to it, and those of them that are counted
select
    {whose}.workflow as workflow,
    count(*) as units,
    coalesce(sum(case when true{where} then 1 else 0 end), 0) as matching
from facts.{template} as unit{parent}
group by all
order by matching desc, workflow
