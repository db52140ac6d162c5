-- one row: how many rows, of those that would be new, differ in each of these columns
select {counts}
from (
    select typed_rows.*
    from typed_rows
    semi join (select record from fresh_rows order by record limit $most) as taken on typed_rows.record = taken.record
)
