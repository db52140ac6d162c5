-- rows of these labels that are the sum of their group, also where that is one other row
insert into group_totals
select record, line
from group_sums
where list_contains($labels, label) and is_sum and members <> 1
