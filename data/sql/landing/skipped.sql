-- one row a line of this export that is no fact: of each reason the first $most, of the others one row, on line 0, with
-- their number as its text
insert into landed.skipped
with no_facts as (
    select line, outcome, record
    from doubles
    -- an event is a fact, in its message's row
    where outcome not in ('kept', 'duplicate_id_conflict', 'folded_event')
    union all
    select line, 'deleted_row', record
    from typed_rows
    where is_retired and record not in (select record from doubles where outcome <> 'kept')
),

repeated as (
    select *, row_number() over (partition by outcome order by line) as place
    from no_facts
)

select $import_id as import_id, unnest($lines) as line, unnest($line_reasons) as reason, unnest($raws) as raw
union all
select $import_id, repeated.line, repeated.outcome, left(array_to_string([{cells}]::varchar[], ' | '), 1000)
from repeated
inner join stage on repeated.record = stage.rowid
where repeated.place <= $most
union all
select $import_id, 0, outcome, count(*)::varchar
from repeated
where place > $most
group by outcome
