-- one row: amounts whose own sign or code is of another currency than their row's, and the first of them; a sign of
-- several currencies ($pairs) goes with each of them. Each step names what the next one uses, and nothing is filtered
-- before the end: a macro writes its argument out as often as it names it, and a filter is put into all steps before it.
with signed as (
    select typed_rows.line, typed_rows.currency, trim(stage.{cell}) as amount, cells.known(stage.{cell}) as known
    from typed_rows
    inner join stage on typed_rows.record = stage.rowid
    where typed_rows.currency is not null and regexp_matches(stage.{cell}, '[^0-9.,+ -]')
),

named as (
    select line, currency, amount, cells.currency_of(known) as named
    from signed
),

coded as (
    select line, currency, amount, cells.currency_code(named, '$') as own
    from named
),

compared as (
    select *, own <> currency and not list_contains($pairs, own || ' ' || currency) as is_another
    from coded
)

select
    count(*) filter (is_another) as row_count,
    min(line) filter (is_another) as line,
    arg_min(amount, line) filter (is_another) as amount,
    arg_min(currency, line) filter (is_another) as currency
from compared
