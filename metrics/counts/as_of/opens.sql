-- one row: the first day e-mails were sent, were marked as opened by machines, and came as totals
with days as (
    select role, day
    from {counts}
    group by role, day
    having sum(units) <> 0
)

select
    min(day) filter (where role in ('sent', 'marked')) as sent_on,
    min(day) filter (where role = 'marked') as marked_on,
    min(day) filter (where role = 'totals') as totals_on
from days
