-- one row: what the rows that come have in common beside what is known of them. Rows that are older than what is known
-- change nothing and don't count
select
    count(*) as known_rows,
    count(*) filter (outcome = 'updated') as changing,
    count(*) filter ((replaced | blanked) <> 0 and outcome = 'updated') as altered,
    count(*) filter (silent <> 0 and outcome = 'updated') as silent,
    count(*) filter (blanked <> 0 and outcome = 'updated') as blanked,
    count(*) filter (is_recreated and outcome = 'updated') as recreated,
    count(*) filter (({recoined}) and outcome = 'updated') as recoined,
    count(*) filter (was_decided) as decided,
    count(*) filter (is_reopened and outcome = 'updated') as reopened
from matches
where outcome in ('updated', 'unchanged') and not is_retired
