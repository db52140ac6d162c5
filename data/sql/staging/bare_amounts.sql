-- one row: how many amounts have no currency, and how many have one, the first line without, and the most frequent currency
select
    count(*) filter (currency is null) as bare,
    count(*) filter (currency is not null) as labelled,
    min(line) filter (currency is null) as line,
    mode(currency) as currency
from typed_rows
anti join faults on typed_rows.record = faults.record
where {money} <> 0 and is_retired is not true
