-- one row a kind of oddity among the rows that are kept, with how many and the first line
select 'event_before_sent' as code, count(*) as rows, min(line) as first_line
from typed_rows
anti join (select record from faults) as faulty on typed_rows.record = faulty.record
where least(delivered_at, opened_at, clicked_at, replied_at) < sent_at
having count(*) > 0
