-- one row a channel of new rows beside one of known rows ('' for all of them together): on days with as many of both, how many
-- rows there are, and how many cost about what the row of the same rank does; with the first of these
with here as (
    select first_day, last_day, channel, cost, line
    from (
        select first_day, last_day, coalesce(channel, '') as channel, cost, line from spend_new
        union all
        select first_day, last_day, '' as channel, cost, line from spend_new where channel is not null
    )
    where (first_day, last_day) in (select (first_day, last_day) from spend_known)
),

there as (
    select first_day, last_day, coalesce(channel, '') as channel, cost from spend_known
    union all
    select first_day, last_day, '' as channel, cost from spend_known where channel is not null
),

ranked_here as (
    select
        *,
        row_number() over (partition by first_day, last_day, channel order by cost) as place,
        count(*) over (partition by first_day, last_day, channel) as row_count
    from here
),

ranked_there as (
    select
        *,
        row_number() over (partition by first_day, last_day, channel order by cost) as place,
        count(*) over (partition by first_day, last_day, channel) as row_count
    from there
),

pairs as (
    select
        here.channel as here_channel,
        there.channel as there_channel,
        here.line,
        here.cost as here,
        there.cost as there,
        abs(here.cost - there.cost) <= $about * abs(there.cost) as is_same
    from ranked_here as here
    inner join ranked_there as there
        on here.first_day = there.first_day
        and here.last_day = there.last_day
        and here.row_count = there.row_count
        and here.place = there.place
    where here.row_count between 2 and $most
)

select
    count(*) as of_rows,
    count(*) filter (is_same) as same,
    min(line) filter (is_same) as line,
    arg_min(here, line) filter (is_same) as here,
    arg_min(there, line) filter (is_same) as there
from pairs
group by here_channel, there_channel
having max(there) >= $varied * min(there) and count(*) >= $fewest and count(*) filter (is_same) >= $nearly_all * count(*)
order by same desc
limit 1
