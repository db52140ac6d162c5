-- one row a currency (and kind, where rows have one): how many rows with an amount are new and known, how many times what
-- is known the new ones are in their quarters, the first line of the new ones, and both amounts in the middle. Of many known
-- rows a part is looked at, and of the new ones one of $every
with fresh as (
    select {coin} as coin, {kind} as kind, abs({money})::double as amount, line
    from typed_rows
    semi join fresh_rows on typed_rows.record = fresh_rows.record
    where {money} <> 0 and hash(typed_rows.record) % $every::ubigint = 0
),

coming as (
    select
        coin,
        kind,
        count(*) as rows_new,
        quantile_cont(amount, [0.25, 0.5, 0.75]) as quarters,
        min(line) as line
    from fresh
    group by coin, kind
    having count(*) >= $fewest
),

before as (
    select coin, kind, count(*) as rows_known, quantile_cont(amount, [0.25, 0.5, 0.75]) as quarters
    from (
        select {coin} as coin, {kind} as kind, abs({money})::double as amount
        from landed.{known} as known
        where {money} <> 0 and (select count(*) from coming) > 0
        limit $most
    )
    group by coin, kind
)

select
    coming.coin,
    coming.rows_new,
    before.rows_known,
    coming.quarters[1] / before.quarters[1] as low,
    coming.quarters[2] / before.quarters[2] as middle,
    coming.quarters[3] / before.quarters[3] as high,
    coming.line,
    coming.quarters[2] as here,
    before.quarters[2] as there
from coming
inner join before
    on coming.kind is not distinct from before.kind
    and (coming.coin is not distinct from before.coin or coming.coin is null)
order by coming.rows_new desc, before.rows_known desc
