-- a condition: a name of the person stands alone in one of the row's cells
exists (
    select 1
    from erased_names
    where list_contains([{cells}]::varchar[], name) or list_contains(map_values(attributes), name)
)
