-- one row: what changes with every landing, undo, registered charter, decision, closed review and breach that got worse
select
    (select coalesce(max(import_id), 0) from landed.imports) as last_import,
    (select count(undone_at) from landed.imports) as undone_imports,
    (select count(*) from agreed.charters) as charter_versions,
    (
        select count(*)
        from agreed.ledger
        where kind in ('decision', 'review_closed', 'alert_worse', 'erased')
    ) as decided
