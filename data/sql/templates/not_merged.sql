anti join (
    select old_id
    from landed.aliases
    where template = {template}
) as merged on known.{key} = merged.old_id
