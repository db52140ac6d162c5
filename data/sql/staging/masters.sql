-- masters: one row a row of the file that names another one that it has become; is_known where that is a row, at last, of this file
-- or of those that landed. A row that names itself has become none, nor have rows that name each other in a circle
create or replace temp table masters as
with recursive named as (
    select
        record,
        line,
        old_id,
        cells.identity(master, $salt) as new_id
    from (
        select
            typed_rows.record,
            typed_rows.line,
            typed_rows.{key} as old_id,
            cells.known(stage.{cell}) as master
        from typed_rows
        inner join stage on typed_rows.record = stage.rowid
        where cells.names_another(stage.{cell}) and typed_rows.{key} is not null
    )
),

others as (
    select *
    from named
    where new_id <> old_id
),

living as (
    select {key} as id from landed.{standing}
    union all
    select {key} from typed_rows where {key} is not null
    union all
    select old_id from landed.aliases where template = $template
),

merged as (
    select others.record, others.old_id
    from others
    where
        others.new_id in (select id from living)
        and others.new_id not in (select old_id from others)
    union
    select others.record, others.old_id
    from others
    inner join merged on others.new_id = merged.old_id
)

select others.*, others.record in (select record from merged) as is_known
from others
