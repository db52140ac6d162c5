-- one row a fault of a row of this export, with the row as it may be kept: of rows that hold something, the first $most.
-- The others are one row a reason, on line 0: their number under value
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
),

aside as (
    select record, min(line) as line
    from all_faults
    group by record
),

-- which rows are kept is settled first: to mask a cell takes long, and a condition on masked cells would mask all of the file
chosen as (
    select aside.record, stage.*
    from aside
    inner join stage on aside.record = stage.rowid
    where coalesce({held}) is not null
    order by aside.line
    limit $most
),

kept as (
    select record, [{cells}]::varchar[] as cells
    from chosen
)

select
    $import_id as import_id,
    all_faults.line,
    all_faults.column_name,
    left(cells.discreet(all_faults.value, $salt), 200) as value,
    all_faults.reason,
    replace(
        replace(words.sentence, '{value}', coalesce(left(cells.discreet(all_faults.value, $salt), 80), '')),
        '{column}', all_faults.column_name
    ) as message,
    left(array_to_string(kept.cells, ' | '), 1000) as raw,
    kept.cells
from all_faults
inner join words on all_faults.reason = words.reason
inner join kept on all_faults.record = kept.record
union all
select
    $import_id,
    0,
    null,
    count(distinct all_faults.record)::varchar,
    all_faults.reason,
    replace($further, '{count}', format('{:,}', count(distinct all_faults.record))),
    null,
    null
from all_faults
anti join kept on all_faults.record = kept.record
group by all_faults.reason
order by line
