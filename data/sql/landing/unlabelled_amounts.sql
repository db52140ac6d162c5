-- one row: new rows with an amount and no currency, and with one, and the first line without; known rows with an amount that
-- have a currency, of how many, and the most frequent one
with fresh as (
    select currency, line
    from typed_rows
    semi join fresh_rows on typed_rows.record = fresh_rows.record
    where {money} <> 0
),

known as (
    select currency
    from landed.{known} as known
    where {money} <> 0 and (select count(*) from fresh where currency is null) > 0
    limit 20000
)

select
    (select count(*) from fresh where currency is null) as bare,
    (select count(*) from fresh where currency is not null) as labelled,
    (select min(line) from fresh where currency is null) as line,
    (select count(*) from known where currency is not null) as known_labelled,
    (select count(*) from known) as known_rows,
    (select mode(currency) from known) as currency
