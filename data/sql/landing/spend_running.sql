-- one row: rows of series that only rise from row to row, the first of them about one of their steps, as a total so far does; all
-- rows of these series, and the first such series with its first and last amount and days. Of many series every so many is looked at
with steps as (
    select *, coalesce(amount < lag(amount) over by_day, false)::int as falls
    from span_rows
    where (not is_coming or is_new) and hash(series) % $every = 0
    window by_day as (partition by series, currency order by first_day, last_day)
),

placed as (
    select *, sum(falls) over (partition by series, currency order by first_day, last_day) as run from steps
),

runs as (
    select
        series,
        currency,
        count(*) as row_count,
        count(distinct amount) as amounts,
        bool_or(is_coming) as is_coming,
        min(line) as line,
        min(amount) as lowest,
        max(amount) as highest,
        min(first_day) as first_day,
        max(last_day) as last_day
    from placed
    group by series, currency, run
),

judged as (
    select
        *,
        is_coming
        and row_count >= $fewest
        and amounts > 0.8 * row_count
        and highest >= lowest * row_count / 2 as is_running
    from runs
)

select
    sum(row_count) filter (is_running) as running,
    sum(row_count) as of_rows,
    min(line) filter (is_running) as line,
    arg_min(series, line) filter (is_running) as series,
    arg_min(lowest, line) filter (is_running) as lowest,
    arg_min(highest, line) filter (is_running) as highest,
    arg_min(first_day, line) filter (is_running) as first_day,
    arg_min(last_day, line) filter (is_running) as last_day
from judged
where (series, currency) in (select (series, currency) from judged where is_running)
