-- one row: how many costs there are, how many of them may be in millionths of their currency, and the first line with its cost
select
    count(*) as costs,
    count(*) filter (
        cost >= 100000 and cost % 10000 = 0 and not list_contains($without_cents, coalesce(currency, ''))
    ) as micros,
    min(line) as line,
    arg_min(cost, line) as cost
from typed_rows
where cost <> 0
