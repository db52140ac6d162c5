-- one row a label of rows that are sums of at least two others: its first line, the groups of so many in which it is, those of
-- which it is the sum, and how many different numbers are sums
select
    label,
    min(line) as line,
    count(*) as group_count,
    count(*) filter (where is_sum) as sums,
    count(distinct nullif(cost, 0)) filter (where is_sum)
    + count(distinct nullif(impressions, 0)) filter (where is_sum)
    + count(distinct nullif(clicks, 0)) filter (where is_sum)
    + count(distinct nullif(visits, 0)) filter (where is_sum) as numbers
from group_sums
where members > 2 and main <> 0
group by label
having count(*) filter (where is_sum) > 0
order by line
limit 1000
