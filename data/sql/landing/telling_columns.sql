-- one row: how many rows, of those that would be new, differ in each of these columns
select {counts}
from (
    select typed_rows.*
    from typed_rows
    semi join fresh_rows on typed_rows.record = fresh_rows.record
    limit $most
)
