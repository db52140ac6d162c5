-- one row a staged record: the template's columns typed; `unread` is a bit mask of columns, in the template's order,
-- whose cell is missing where it must not be, or can't be read
select
    record,
    line,
    attributes,
    {columns},
    {unread} as unread
from (
    select
        record,
        line,
        attributes,
        {typed},
        columns('^cell ')
    from (
        select
            rowid as record,
            {line} as line,
            {attributes} as attributes,
            {texts}
        from stage
    )
)
