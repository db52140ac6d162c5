-- one row a week in which both were known and import: events that count as a unit's own, and those of a day before it entered
with paired as (
{paired})
select
    cast(date_trunc('week', greatest(entered_on, happened_on)) as date) as week,
    import_id,
    count(*) as count_rows,
    count(case when happened_on is null then 1 end) as count_missing,
    count(case when happened_on < entered_on then 1 end) as count_negative
from paired
where
    greatest(entered_on, happened_on) <= $through
    and date_diff(
        'week',
        cast(date_trunc('week', entered_on) as date),
        cast(date_trunc('week', happened_on) as date)
    ) <= $within_weeks
group by all
order by all
