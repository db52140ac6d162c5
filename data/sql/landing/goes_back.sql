-- one row: rows of the export in which something that is known would change (at most $most, the first lines), and how
-- many of them say in each changed cell what an earlier version of their row said
with changing as (
    select matches.line, matches.replaced | matches.blanked as changed, {columns}
    from (
        select *
        from matches
        where outcome = 'updated' and (replaced | blanked) <> 0
        order by line
        limit $most
    ) as matches
    inner join typed_rows on matches.record = typed_rows.record
),

back as (
    select changing.line
    from changing
    inner join landed.{table} as version on {same_key}
    where {same_cells}
    group by changing.line
)

select
    (select count(*) from changing) as count_changed,
    (select count(*) from back) as count_back
