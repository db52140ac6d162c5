-- one row a cell of one column that is missing where it must not be, or can't be read
insert into faults
select
    typed_rows.record,
    typed_rows.line,
    $column_name as column_name,
    stage.{cell} as value,
    case when cells.known(stage.{cell}) is null then $missing else $unreadable end as reason
from typed_rows
inner join stage on typed_rows.record = stage.rowid
where typed_rows.unread & $bit <> 0
