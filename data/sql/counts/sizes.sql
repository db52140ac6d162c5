-- one row: rows of the counts of one question, and groups among them
select count(*) as all_rows, count(distinct ({groups})) as count_groups
from kept.{counts}
