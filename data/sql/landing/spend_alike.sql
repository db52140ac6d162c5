-- one row: new rows of spend that cost what as many known ones of the same days do, of how many on days that are known, and
-- the first line of these with its cost
with known as (
    select first_day, last_day, currency, cost, count(*) as times
    from spend_known
    group by all
),

new as (
    select first_day, last_day, currency, cost, count(*) as times, min(line) as line
    from spend_new
    where (first_day, last_day) in (select (first_day, last_day) from spend_known)
    group by all
)

select
    sum(least(new.times, coalesce(known.times, 0))) as alike,
    sum(new.times) as of_rows,
    min(new.line) filter (known.times > 0) as line,
    arg_min(new.cost, new.line) filter (known.times > 0) as cost
from new
left join known on
    new.first_day = known.first_day
    and new.last_day = known.last_day
    and new.currency is not distinct from known.currency
    and new.cost = known.cost
