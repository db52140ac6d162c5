left join (
    select old_id, new_id
    from landed.aliases
    where template = {template}
) as {alias} on known.{link} = {alias}.old_id
