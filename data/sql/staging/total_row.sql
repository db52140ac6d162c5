-- one row: the line of a record, its numbers, and the sums of all other records'; NULLs where it is no record any more
select
    any_value(line) filter (record = $record) as line,
    {own},
    {sums}
from typed_rows
