-- all but the newest results
delete from kept.{table} where number <= (select max(number) from kept.{table}) - $most
