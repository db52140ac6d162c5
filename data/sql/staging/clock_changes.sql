-- one row a kind of doubt ('gap': a local time that does not exist, 'double': one that comes twice), how many of them,
-- the first line and its cell. Only times without an offset can be doubtful, and only near a change of the clock.
with near as (
    select
        typed_rows.line,
        typed_rows.{column} as moment,
        cells.known(stage.{cell}) as cell
    from typed_rows
    inner join (select unnest($moments) as changed_at) as changes
        on typed_rows.{column} between changes.changed_at - interval 1 hour and changes.changed_at + interval 1 hour
    inner join stage on typed_rows.record = stage.rowid
),

local_times as (
    select
        line,
        moment,
        cell,
        {style}(cell, 'UTC') as written,
        timezone($zone, timezone('UTC', moment)) as read_as,
        timezone($zone, timezone('UTC', moment - interval 1 hour)) as hour_before
    from near
    where not coalesce(cells.has_offset(cell), false) and not regexp_matches(cell, ':\d\d.*[A-Z]{3,5}\)?$')
),

doubtful as (
    select
        line,
        cell,
        case when read_as <> written then 'gap' when hour_before = written then 'double' end as kind
    from local_times
)

select kind, count(*) as times, min(line) as first_line, arg_min(cell, line) as example
from doubtful
where kind is not null
group by kind
order by kind
