-- one row: the first line of a record of which a cell holds whole rows of the file, how many such records, and such rows
select min(line) as line, count(*) as records, coalesce(sum(rows), 0) as rows
from (
    select
        line,
        len(list_filter(string_split(cell, chr(10))[2:], lambda part: regexp_full_match(part, $like_a_row))) as rows
    from (
        select typed_rows.line, unnest([{cells}]) as cell
        from typed_rows
        inner join stage on typed_rows.record = stage.rowid
        where {any_of_lines}
    )
    where contains(cell, chr(10))
)
where rows > 0
