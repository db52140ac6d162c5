-- one row: messages, those of them that the same word says were sent or delivered several times (at several moments, or
-- more often than an event is told twice), the most of it, of which, and lines of two of these
with told as (
    select
        typed_rows.{key} as message,
        cells.word(cells.known(stage.{cell})) as word,
        count(*) as times,
        list_sort(min(typed_rows.line, 2)) as lines,
        count(distinct coalesce(typed_rows.sent_at, typed_rows.delivered_at)) as moments
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    where typed_rows.{key} is not null
    group by typed_rows.{key}, word
),

judged as (
    select *, list_contains($words, coalesce(word, '')) and (moments > 1 or times > 2) as is_repeated
    from told
)

select
    count(distinct message) as messages,
    count(distinct message) filter (is_repeated) as several,
    max(times) filter (is_repeated) as most,
    arg_max(message, times) filter (is_repeated) as example,
    arg_max(lines, times) filter (is_repeated) as lines
from judged
