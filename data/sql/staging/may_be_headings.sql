-- one row a record with others behind it that has no figure in any of its cells, of which none that should be is a moment or a
-- number: its line and cells; at most $most
select typed_rows.line, [{cells}] as cells
from typed_rows
inner join stage on typed_rows.record = stage.rowid
where
    typed_rows.unread <> 0
    and {unread}
    and ({named})
    -- of both tables, so that it is asked of the rows that are left alone
    and case when typed_rows.unread <> 0 then not regexp_matches(array_to_string([{cells}], ' '), '[0-9]') end
    and typed_rows.record < (select max(record) from typed_rows)
order by typed_rows.record
limit $most
