-- one row a currency of the amounts of a workflow: how many of them, the commonest first
select {currency} as currency, count(*) as units
from facts.{template} as unit
where unit.workflow = $workflow and cast(unit.{at} as date) <= $through and {amount} is not null{where}
group by all
order by units desc, currency
