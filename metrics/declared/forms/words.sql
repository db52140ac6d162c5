-- one row a word that stands in a column, or in an attribute: in how many rows, the commonest first
select {value} as word, count(*) as units
from facts.{template} as unit
where {value} is not null{where}
group by all
order by units desc, word
limit 50
