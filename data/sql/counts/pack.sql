-- the counts of one question with one row a group
create or replace temp table kept_packed as
select {groups}, {totals}
from kept.{counts}
group by {groups}
having sum({presence}) <> 0;

delete from kept.{counts};

insert into kept.{counts} ({groups}, {sums})
select {groups}, {sums}
from kept_packed;
