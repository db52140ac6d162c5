-- one row: how many rows are known (one, where any is), how many of these cells are identities of theirs, and two of both
with cells as (
    select distinct unnest($cells) as cell
),

joined as (
    select cells.cell
    from cells
    semi join landed.{known} as known on cells.cell = known.{key}
),

examples as (
    select {key} as identity
    from landed.{known}
    limit $examples
)

select
    (select count(*) from examples) as known,
    (select count(*) from joined) as joined,
    coalesce((select list(cell order by cell)[1:$examples] from joined), []) as here,
    coalesce((select list(identity order by identity) from examples), []) as there
