-- one row a kind of oddity among the rows that are kept, with how many and the first line
select 'clicks_over_opens' as code, count(*) as rows, min(line) as first_line
from typed_rows
anti join (select record from faults) as faulty on typed_rows.record = faulty.record
where unique_clicks > unique_opens
having count(*) > 0
union all
select 'rates_alone' as code, count(*) as rows, min(line) as first_line
from typed_rows
anti join (select record from faults) as faulty on typed_rows.record = faulty.record
where (open_rate is not null and unique_opens is null) or (click_rate is not null and unique_clicks is null)
having count(*) > 0
