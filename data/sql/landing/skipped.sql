-- one row a line of this export that is no fact
insert into landed.skipped
select $import_id as import_id, unnest($lines) as line, unnest($line_reasons) as reason, unnest($raws) as raw
union all
select $import_id, doubles.line, doubles.outcome, left(concat_ws(' | ', {cells}), 1000)
from doubles
inner join stage on doubles.record = stage.rowid
where doubles.outcome not in ('kept', 'duplicate_id_conflict', 'folded_event') -- an event is a fact, in its message's row
