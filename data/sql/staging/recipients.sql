-- one row: messages, those of them with several recipients, the most that one has, which, and lines of two of these
select
    count(*) as messages,
    count(*) filter (recipients > 1) as several,
    max(recipients) as most,
    arg_max(message, recipients) as example,
    arg_max(lines, recipients) as lines
from (
    select
        message,
        count(*) as recipients,
        list_sort(min(first_line, 2)) as lines
    from (
        select
            typed_rows.{key} as message,
            {cell} as recipient,
            min(typed_rows.line) as first_line
        from typed_rows
        inner join stage on typed_rows.record = stage.rowid
        where typed_rows.{key} is not null and {cell} is not null
        group by all
    )
    group by message
)
