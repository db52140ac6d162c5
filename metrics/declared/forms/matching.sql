-- one row: rows of a template, and those of them that are counted
select count(*) as units, coalesce(sum(case when true{where} then 1 else 0 end), 0) as matching
from facts.{template} as unit
