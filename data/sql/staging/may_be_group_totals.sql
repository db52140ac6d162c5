-- one row where some row of spend is as much as all others of its group together, at least two; none otherwise
select 1 as is_there
from typed_rows
anti join group_totals on typed_rows.record = group_totals.record
where {main} <> 0
group by spent_on, spent_to, currency{shared}
having count(*) > 2 and abs(2 * max({main}) - sum({main})) <= greatest(cells.tolerance(max({main})), 0.001 * abs(sum({main})))
limit 1
