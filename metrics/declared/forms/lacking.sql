-- one row a week and import: rows that are counted, those without an amount and those whose amount is below 0
select
    cast(date_trunc('week', unit.{at}) as date) as week,
    unit.import_id,
    count(*) as count_rows,
    count(case when {amount} is null then 1 end) as count_missing,
    count(case when {amount} < 0 then 1 end) as count_negative
from facts.{template} as unit
where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
group by all
order by all
