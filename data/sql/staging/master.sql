-- one row a row that has become another one
select
    named.old_id,
    cells.identity(named.master, $salt) as new_id,
    named.line
from (
    select
        typed_rows.{key} as old_id,
        case when cells.names_another(stage.{cell}) then cells.known(stage.{cell}) end as master,
        typed_rows.line
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
) as named
where named.master is not null
