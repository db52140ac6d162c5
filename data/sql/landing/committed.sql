-- one row: how much of each kind that is only ever added to is here
select
    (select count(*) from landed.imports) as imports,
    (select count(undone_at) from landed.imports) as undone_imports,
    (select count(*) from agreed.charters) as charter_versions,
    (select count(*) from agreed.ledger) as ledger_rows
