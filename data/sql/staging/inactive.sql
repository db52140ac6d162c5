-- one row: how many rows that stay say no under a heading such as 'active'
select count(*) as rows
from stage
inner join typed_rows on typed_rows.record = stage.rowid
where
    typed_rows.is_retired is not true
    and (
        coalesce(not cells.boolean(cells.known(stage.{cell})), false)
        or coalesce(list_contains($no, cells.word(cells.known(stage.{cell}))), false)
    )
