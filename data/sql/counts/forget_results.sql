-- all but the newest results
delete from kept.results where number <= (select max(number) from kept.results) - $most
