-- one row a kind of oddity among the rows that are kept, with how many and the first line
-- Where closing dates are days without a time (all at midnight, which summer time makes two), one of the same day is usual.
select 'close_before_create' as code, count(*) as rows, min(line) as first_line
from typed_rows
anti join (select record from faults) as faulty on typed_rows.record = faulty.record
where
    closed_at::date = created_at::date - 1
    or closed_at < created_at
    and closed_at::date = created_at::date
    and (select count(distinct closed_at::time) > 2 from typed_rows)
having count(*) > 0
