-- one row: groups of the counts of one question that are not what the facts say
with summed as (
    select {groups}, {totals}
    from kept.{counts}
    group by {groups}
    having sum({presence}) <> 0
),

counted as (
    {counted}
),

facts_say as (
    select {groups}, {sums}
    from counted
)

select count(*) as count_differing
from (
    (select * from summed except select * from facts_say)
    union all
    (select * from facts_say except select * from summed)
) as differing
