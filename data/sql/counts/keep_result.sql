-- one more result, where it isn't kept yet
insert into kept.{table}
select coalesce((select max(number) from kept.{table}), 0) + 1, $key, $text
where not exists (select 1 from kept.{table} where key = $key)
