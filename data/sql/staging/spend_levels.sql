-- one row a row of spend that leaves blank what others of the same days fill in beside it: its line, its numbers and their sums
with finer as (
    select
        spent_on,
        spent_to,
        currency,
        {shared},
        sum(cost) as cost,
        sum(impressions) as impressions,
        sum(clicks) as clicks
    from typed_rows
    where {mask} = {fine}
    group by all
)

select
    coarse.record,
    coarse.line,
    coarse.cost::double,
    finer.cost::double,
    coarse.impressions::double,
    finer.impressions::double,
    coarse.clicks::double,
    finer.clicks::double
from typed_rows as coarse
inner join finer on
    coarse.spent_on = finer.spent_on
    and coarse.spent_to is not distinct from finer.spent_to
    and coarse.currency is not distinct from finer.currency
    and {same}
where {coarse_mask} = {rough}
