-- one row: amounts whose own sign or code is of another currency than their row's, and the first of them; a sign of
-- several currencies ($pairs) goes with each of them
select
    count(*) as row_count,
    min(line) as line,
    arg_min(amount, line) as amount,
    arg_min(currency, line) as currency
from (
    select
        typed_rows.line,
        typed_rows.currency,
        trim(stage.{cell}) as amount,
        cells.currency_code(cells.currency_of(cells.known(stage.{cell})), '$') as own
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    where typed_rows.currency is not null
)
where own <> currency and not list_contains($pairs, own || ' ' || currency)
