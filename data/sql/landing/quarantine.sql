-- one row a fault of a row of this export, with the row as it stood
insert into landed.quarantine
with words as (
    select unnest($reasons) as reason, unnest($sentences) as sentence
),

all_faults as (
    select record, line, column_name, value, reason
    from faults
    union all
    select record, line, $key_column, null, outcome
    from doubles
    where outcome = 'duplicate_id_conflict'
)

select
    $import_id as import_id,
    all_faults.line,
    all_faults.column_name,
    left(all_faults.value, 200) as value,
    all_faults.reason,
    replace(
        replace(words.sentence, '{value}', coalesce(left(all_faults.value, 80), '')), '{column}', all_faults.column_name
    ) as message,
    left(concat_ws(' | ', {cells}), 1000) as raw,
    [{cells}]::varchar[] as cells
from all_faults
inner join words on all_faults.reason = words.reason
inner join stage on all_faults.record = stage.rowid
order by all_faults.line
