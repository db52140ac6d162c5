-- span_rows: one row a row of spend that would be new or other than it is known (is_coming), and one a known one that stands or
-- that such a row would replace: its days on the workspace's calendar, what it is of, and how much
create or replace temp table span_rows as
with coming as (
    select
        typed_rows.line,
        typed_rows.spent_on,
        typed_rows.spent_to,
        {series} as series,
        channel,
        coalesce(currency, '') as currency,
        {amount}::double as amount,
        matches.outcome
    from typed_rows
    anti join (
        select record from faults
        union all
        select record from doubles where outcome <> 'kept'
    ) as dropped on typed_rows.record = dropped.record
    left join matches on typed_rows.record = matches.record
    where typed_rows.is_retired is not true
),

together as (
    select *, outcome is null as is_new from coming where outcome is null or outcome = 'updated'
    union all
    select null, spent_on, spent_to, {series}, channel, coalesce(currency, ''), {amount}::double, null, null
    from landed.{known}
    where
        facts.local_time(spent_on)::date
        between (select min(facts.local_time(spent_on))::date - 370 from coming)
        and (select max(facts.local_time(spent_on))::date + 370 from coming)
)

select
    line,
    line is not null as is_coming,
    is_new,
    facts.local_time(spent_on)::date as first_day,
    facts.local_time(coalesce(spent_to, spent_on))::date as last_day,
    series,
    channel,
    currency,
    amount
from together
where amount > 0;

-- series_days: one row a day of a series: a label, all labels of a channel, or all of them together. Those are left out whose rows are all
-- of one amount, as fixed budgets are, for their sums say nothing
create or replace temp table series_days as
with days as (
    select series, channel, currency, first_day as day, sum(amount) as amount
    from span_rows
    where last_day - first_day < 7 and (not is_coming or is_new)
    group by all
),

largest as (
    select series
    from days
    group by series
    order by sum(amount) desc
    limit {most_series}
),

every as (
    select 'label' as kind, series as name, currency, day, amount from days semi join largest using (series)
    union all
    select 'channel' as kind, channel as name, currency, day, sum(amount) from days where channel is not null group by all
    union all
    select 'whole' as kind, '' as name, currency, day, sum(amount) from days group by all
)

select
    *,
    dense_rank() over (order by kind, name, currency) as number
from every
qualify max(amount) over (partition by kind, name, currency) >= 1.02 * min(amount) over (partition by kind, name, currency);

create or replace temp table span_series as
select number, kind, name, currency, min(day) as first_day, max(day) as last_day
from series_days
group by all;

-- span_days: one row a series and day of the calendar, from the day before its first: what there is of it up to then. Both stand
-- in one number (`place`): a join on two whose one has few values is slow
create or replace temp table span_days as
with grid as (
    select number, unnest(generate_series(first_day - 1, last_day, interval 1 day))::date as day from span_series
)

select
    grid.number * 1_000_000 + epoch(grid.day)::bigint // 86_400 as place,
    sum(coalesce(amount, 0)) over so_far as total,
    count(amount) over so_far as days
from grid
left join series_days on grid.number = series_days.number and grid.day = series_days.day
window so_far as (partition by grid.number order by grid.day)
