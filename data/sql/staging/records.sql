-- the records of a file that the engine can read, as text
read_csv(
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
