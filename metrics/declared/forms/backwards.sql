-- one row: rows that have both times, and those of them in which the later one comes first
select
    count(*) as units,
    coalesce(sum(case when unit.{to} < unit.{at} then 1 else 0 end), 0) as backwards
from facts.{template} as unit
where unit.workflow = $workflow and unit.{at} is not null and unit.{to} is not null{where}
