-- one row a kind of oddity among the rows that are kept, with how many and the first line
select 'response_before_create' as code, count(*) as rows, min(line) as first_line
from typed_rows
anti join (select record from faults) as faulty on typed_rows.record = faulty.record
where first_response_at < created_at
having count(*) > 0
