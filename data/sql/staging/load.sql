-- one row a record of the file: the cells of which something is made, as text
create or replace temp table stage as
select {kept}
from read_csv(
    $file,
    auto_detect = false,
    header = false,
    skip = $skip,
    delim = $delimiter,
    quote = '"',
    escape = '"',
    columns = $columns,
    encoding = 'utf-8',
    strict_mode = true,
    null_padding = false,
    ignore_errors = false,
    max_line_size = $longest
)
