-- one row an identity that has become that of its row, of the list in one cell. Cells are known before they are read as
-- identities: a macro repeats its argument wherever it names it
select
    cells.identity(listed.part, $salt) as old_id,
    listed.new_id,
    listed.line
from (
    select
        cells.known(parts.part) as part,
        typed_rows.{key} as new_id,
        typed_rows.line
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    cross join unnest(regexp_split_to_array(stage.{cell}, '[;,|\s]+')) as parts (part)
    where cells.known(stage.{cell}) is not null
) as listed
