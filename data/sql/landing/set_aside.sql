-- one row a line that could not be cut into cells
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
    null as value,
    lines.reason,
    words.sentence as message,
    lines.raw,
    null as cells
from lines
inner join words on lines.reason = words.reason
