-- one row: how many amounts stand beside a currency that is none of $said, and the first line with its currency
select
    count(*) as row_count,
    min(line) as line,
    arg_min(currency, line) as other
from typed_rows
where {money} is not null and currency is not null and not list_contains($said, currency)
