-- one row: what the bare numbers of a rate (no percent sign) prove about their scale
with bare as (
    select cell, abs(cells.rate(cell, 1)) as rate
    from (
        select cells.known({cell}) as cell
        from stage
        where not contains({cell}, '%')
    )
)

select
    count(*) filter (rate > 1) as over,
    count(*) filter (rate > 0 and rate <= 1) as under,
    min(cell) filter (rate > 1) as over_example,
    min(cell) filter (rate > 0 and rate <= 1) as under_example
from bare
