-- appends what an import changes of the counts of one question: without what was, with what is
insert into kept.{counts} ({groups}, {sums})
with was as (
    {was}
),

is_now as (
    {is_now}
),

signed as (
    select {groups}, {taken_away}
    from was
    union all
    select {groups}, {sums}
    from is_now
)

select {groups}, {totals}
from signed
group by {groups}
having {changed}
