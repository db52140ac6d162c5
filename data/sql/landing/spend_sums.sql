-- one row: spans of days of a channel of which new rows add up to what known ones do, of how many that both tell of, and the
-- first of them with both sums
with spans as (
    select first_day, last_day from spend_new
    union
    select first_day, last_day from spend_known
),

new_days as (
    select first_day, last_day, channel, currency, sum(cost) as cost from spend_new group by all
),

known_days as (
    select first_day, last_day, channel, currency, sum(cost) as cost from spend_known group by all
),

new as (
    select spans.first_day, spans.last_day, channel, currency, sum(cost) as cost
    from spans
    inner join new_days on new_days.first_day >= spans.first_day and new_days.last_day <= spans.last_day
    group by all
),

known as (
    select spans.first_day, spans.last_day, channel, currency, sum(cost) as cost
    from spans
    inner join known_days on known_days.first_day >= spans.first_day and known_days.last_day <= spans.last_day
    group by all
),

pairs as (
    select
        new.first_day,
        new.last_day,
        new.cost as here,
        known.cost as there,
        abs(new.cost - known.cost) <= 0.005 * abs(known.cost) as is_same
    from new
    inner join known on
        new.first_day = known.first_day
        and new.last_day = known.last_day
        and new.channel is not distinct from known.channel
        and new.currency is not distinct from known.currency
)

select
    count(*) filter (is_same) as same,
    count(*) as of_spans,
    min(first_day) filter (is_same) as first_day,
    arg_min(last_day, first_day) filter (is_same) as last_day,
    arg_min(here, first_day) filter (is_same) as here,
    arg_min(there, first_day) filter (is_same) as there
from pairs
