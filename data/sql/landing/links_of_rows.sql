-- one row, of the first $most rows of the file that name some other row: how many they are, in how many ways, and how many seem to
-- name several in one cell
select
    count(*) as row_count,
    count(distinct link) as ways,
    count(*) filter (contains(link, ';') or contains(link, ',') or contains(link, '|')) as several
from (
    select {link} as link
    from typed_rows
    where {link} is not null
    limit $most
)
