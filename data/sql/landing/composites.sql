-- one row a difference in minutes, of whole quarters of an hour: how many rows that would be new are known but for that and for how
-- they are written, how many would be new, and the first with the known one
with fresh as (
    select typed_rows.*
    from typed_rows
    semi join (select record from fresh_rows order by record limit $most) as taken on typed_rows.record = taken.record
),

here as (
    select [{said}] as said, {moment} as moment, {key} as row_key from fresh
),

there as (
    select [{said}] as said, {moment} as moment, {key} as row_key from landed.{standing}
),

pairs as (
    select
        coalesce(epoch_us(here.moment) - epoch_us(there.moment), 0) / 60000000 as minutes,
        here.row_key as here_key,
        there.row_key as there_key
    from here
    inner join there on here.said = there.said
    where here.moment is null or abs(epoch_us(here.moment) - epoch_us(there.moment)) <= 93600000000
)

select
    minutes,
    count(distinct here_key) as same,
    (select count(*) from fresh) as fresh,
    min(here_key) as here,
    arg_min(there_key, here_key) as there
from pairs
where minutes % 15 = 0
group by minutes
order by same desc, abs(minutes)
limit 1
