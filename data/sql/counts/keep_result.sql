-- one more result, where it isn't kept yet
insert into kept.results
select coalesce((select max(number) from kept.results), 0) + 1, $key, $text
where not exists (select 1 from kept.results where key = $key)
