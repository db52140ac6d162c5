-- one row a way in which rows that come are sums of days: the span, whose days they are (own, label, channel, whole), how many are
-- and how many to the cent, how many rows have their labels, how many there are at all, how many sums differ, and the first with
-- its line, amount, label and days. Of many days and rows some are looked at
with days as materialized (
    select first_day, last_day
    from (select distinct first_day, last_day from span_rows where is_coming)
    order by hash(first_day), last_day
    limit $most_days
),

coming as materialized (
    select *
    from span_rows
    semi join days using (first_day, last_day)
    where is_coming
    qualify row_number() over (partition by first_day, last_day order by amount desc) <= $most_rows
),

spans as (
    select first_day, last_day, unnest([
        {'span': 'a week', 'from_day': first_day, 'to_day': first_day + 6},
        {'span': 'a week', 'from_day': first_day - 6, 'to_day': first_day},
        {'span': 'a week', 'from_day': first_day - 7, 'to_day': first_day - 1},
        {'span': 'a fortnight', 'from_day': first_day, 'to_day': first_day + 13},
        {'span': 'a fortnight', 'from_day': first_day - 13, 'to_day': first_day},
        {'span': 'four weeks', 'from_day': first_day, 'to_day': first_day + 27},
        {'span': 'four weeks', 'from_day': first_day - 27, 'to_day': first_day},
        {'span': 'four weeks', 'from_day': first_day - 28, 'to_day': first_day - 1},
        {'span': 'a month', 'from_day': date_trunc('month', first_day)::date, 'to_day': last_day(first_day)},
        {
            'span': 'a month',
            'from_day': (date_trunc('month', first_day) - interval 1 month)::date,
            'to_day': (date_trunc('month', first_day) - interval 1 day)::date
        },
        {
            'span': 'a quarter',
            'from_day': date_trunc('quarter', first_day)::date,
            'to_day': (date_trunc('quarter', first_day) + interval 3 month - interval 1 day)::date
        },
        {'span': 'a month so far', 'from_day': date_trunc('month', first_day)::date, 'to_day': first_day},
        {'span': 'a year so far', 'from_day': date_trunc('year', first_day)::date, 'to_day': first_day},
        {'span': 'span', 'from_day': first_day, 'to_day': last_day}
    ], recursive := true)
    from days
    where last_day = first_day
    union all
    select first_day, last_day, 'span', first_day, last_day from days where last_day > first_day
),

ends as materialized (
    select
        number,
        kind,
        name,
        currency,
        spans.*,
        number * 1_000_000 + epoch(least(spans.to_day, series.last_day))::bigint // 86_400 as last_there,
        number * 1_000_000 + epoch(greatest(spans.from_day, series.first_day) - 1)::bigint // 86_400 as day_before
    from spans
    inner join span_series as series
        on spans.from_day <= series.last_day and spans.to_day >= series.first_day and spans.to_day > spans.from_day
),

sums as materialized (
    select
        ends.*,
        up_to.total - before.total as total,
        up_to.days - before.days as days
    from ends
    inner join span_days as up_to on ends.last_there = up_to.place
    inner join span_days as before on ends.day_before = before.place
),

-- of its channel and of all together without what its own label adds to them
others as (
    select
        sums.kind as whose,
        own.name as series,
        sums.name,
        sums.currency,
        sums.span,
        sums.first_day,
        sums.last_day,
        sums.from_day,
        sums.to_day,
        sums.days,
        sums.total - own.total as total
    from sums
    inner join sums as own
        on sums.first_day = own.first_day
        and sums.last_day = own.last_day
        and sums.from_day = own.from_day
        and sums.to_day = own.to_day
        and sums.span = own.span
        and sums.currency = own.currency
    where sums.days >= $fewest_days and sums.kind <> 'label' and own.kind = 'label'
),

pairs as (
    select
        coming.line,
        coming.series,
        coming.amount,
        sums.span,
        'own' as whose,
        sums.from_day,
        sums.to_day,
        sums.days,
        sums.total - case when coming.is_new then coming.amount else 0 end as total
    from coming
    inner join sums
        on coming.first_day = sums.first_day
        and coming.last_day = sums.last_day
        and coming.currency = sums.currency
        and coming.series = sums.name
    where sums.days >= $fewest_days and sums.kind = 'label'
    union all
    select
        coming.line,
        coming.series,
        coming.amount,
        sums.span,
        'label' as whose,
        sums.from_day,
        sums.to_day,
        sums.days,
        sums.total
    from coming
    inner join sums
        on coming.first_day = sums.first_day
        and coming.last_day = sums.last_day
        and coming.currency = sums.currency
        and round(100 * coming.amount)::bigint = round(100 * sums.total)::bigint
    where sums.days >= $fewest_days and sums.kind = 'label' and sums.name <> coming.series
    union all
    select
        coming.line,
        coming.series,
        coming.amount,
        others.span,
        others.whose,
        others.from_day,
        others.to_day,
        others.days,
        others.total
    from coming
    inner join others
        on coming.first_day = others.first_day
        and coming.last_day = others.last_day
        and coming.currency = others.currency
        and coming.series = others.series
        and (others.whose = 'whole' or others.name = coming.channel)
),

found as (
    select *
    from pairs
    where
        abs(amount - total) <= case
            when whose = 'label' then 0.011
            when amount = round(amount) then greatest(0.51, $nearly * total)
            else $nearly * total
        end
),

found_series as (
    select distinct span, whose, series from found
),

of_series as (
    select span, whose, count(*) as of_rows
    from found_series
    inner join coming using (series)
    group by all
)

select
    span,
    whose,
    count(distinct line) as rows_found,
    count(distinct line) filter (abs(amount - total) <= 0.02) as exact,
    any_value(of_rows) as of_rows,
    (select count(*) from coming) as of_all,
    count(distinct round(total, 2)) as sums,
    min(line) as line,
    arg_min(amount, line) as amount,
    arg_min(series, line) as series,
    arg_min(from_day, line) as from_day,
    arg_min(to_day, line) as to_day,
    max(days) as days
from found
inner join of_series using (span, whose)
group by span, whose
order by rows_found desc, max(to_day - from_day), whose, span
