-- one row a reason: how many rows, the first lines, and one example
with all_faults as (
    select record, line, column_name, value, reason
    from faults
    union all
    select record, line, $key_column, null, outcome
    from doubles
    where outcome <> 'kept'
    union all
    select record, line, $key_column, null, 'deleted_row'
    from typed_rows
    where is_retired
        and typed_rows.record not in (select record from doubles where outcome <> 'kept')
),

lines as (
    select reason, line, min(column_name) as column_name, min(value) as value
    from all_faults
    group by reason, line
)

select
    reason,
    count(*) as lines,
    list(line order by line)[1:$most] as first_lines,
    arg_min(column_name, line) as column_name,
    cells.discreet(arg_min(value, line), $salt) as value
from lines
group by reason
order by reason
