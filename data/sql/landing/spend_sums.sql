-- one row a channel of new rows beside one of known rows (is_own where it is the same; that of all channels is none): spans of
-- days of which both tell, how many of them add up to the same, and to about the same, and the first of these with both sums
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
    select spans.first_day, spans.last_day, channel, currency, sum(cost) as cost, grouping(channel) = 1 as is_whole
    from spans
    inner join new_days on new_days.first_day >= spans.first_day and new_days.last_day <= spans.last_day
    group by grouping sets ((spans.first_day, spans.last_day, channel, currency), (spans.first_day, spans.last_day, currency))
),

known as (
    select spans.first_day, spans.last_day, channel, currency, sum(cost) as cost, grouping(channel) = 1 as is_whole
    from spans
    inner join known_days on known_days.first_day >= spans.first_day and known_days.last_day <= spans.last_day
    group by grouping sets ((spans.first_day, spans.last_day, channel, currency), (spans.first_day, spans.last_day, currency))
),

pairs as (
    select
        new.channel as here_channel,
        known.channel as there_channel,
        new.is_whole as here_whole,
        known.is_whole as there_whole,
        new.channel is not distinct from known.channel
        and new.currency is not distinct from known.currency
        and not new.is_whole
        and not known.is_whole as is_own,
        new.first_day,
        new.last_day,
        new.cost as here,
        known.cost as there,
        abs(new.cost - known.cost) <= 0.005 * abs(known.cost) as is_same,
        abs(new.cost - known.cost) <= $about * abs(known.cost) as is_about
    from new
    inner join known on
        new.first_day = known.first_day
        and new.last_day = known.last_day
        and coalesce(new.currency, known.currency, '') = coalesce(known.currency, new.currency, '')
)

select
    is_own,
    count(*) as of_spans,
    count(*) filter (is_same) as same,
    count(*) filter (is_about) as about,
    max(there) >= $varied * min(there) as is_varied,
    min(first_day) filter (is_about) as first_day,
    arg_min(last_day, first_day) filter (is_about) as last_day,
    arg_min(here, first_day) filter (is_about) as here,
    arg_min(there, first_day) filter (is_about) as there
from pairs
group by here_channel, there_channel, here_whole, there_whole, is_own
having count(*) filter (is_about) > 0
order by is_own desc, about desc
