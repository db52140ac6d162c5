-- one row: how many moments of a column stand ten years or more apart from those of most rows (nothing lies between), the
-- first line, the earliest and the latest of them, and the first and last year of the others. Rows with a fault don't count.
with years as (
    select
        year({column}) as of_year,
        count(*) as times,
        min(line) as first_line,
        min({column}) as earliest,
        max({column}) as latest
    from typed_rows
    anti join (select record from faults) as faulty on typed_rows.record = faulty.record
    where {column} is not null
    group by of_year
),

gaps as (
    select *, of_year - lag(of_year, 1, of_year) over (order by of_year) as years_before
    from years
),

runs as (
    select *, sum(case when years_before >= 10 then 1 else 0 end) over (order by of_year) as run
    from gaps
),

usual as (
    select run, min(of_year) as first_year, max(of_year) as last_year
    from runs
    group by run
    order by sum(times) desc, run desc
    limit 1
)

select
    sum(times)::bigint as times,
    min(first_line) as first_line,
    strftime(min(earliest), '%Y-%m-%d') as one,
    strftime(max(latest), '%Y-%m-%d') as other,
    any_value(usual.first_year) as first_year,
    any_value(usual.last_year) as last_year
from runs
cross join usual
where runs.run <> usual.run
having count(*) > 0
