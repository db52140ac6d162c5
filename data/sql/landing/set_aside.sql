-- one row a line that could not be cut into cells; on line 0 further ones of a reason, their number under value
insert into landed.quarantine
with words as (
    select unnest($reasons) as reason, unnest($sentences) as sentence
),

lines as (
    select unnest($lines) as line, unnest($line_reasons) as reason, unnest($raws) as raw
)

select
    $import_id as import_id,
    lines.line,
    null as column_name,
    case when lines.line = 0 then lines.raw end as value,
    lines.reason,
    case
        when lines.line = 0 then replace($further, '{count}', format('{:,}', try_cast(lines.raw as bigint)))
        else words.sentence
    end as message,
    case when lines.line <> 0 then lines.raw end as raw,
    null as cells
from lines
inner join words on lines.reason = words.reason
