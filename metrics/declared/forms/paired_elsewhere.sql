-- the days of entry and of each event that is looked at: the first of a unit, or each of them
    select
        cast(unit.{at} as date) as entered_on,
        happened.happened_on,
        happened.import_id
    from facts.{template} as unit
    inner join (
        select
            event.{link} as unit_id,
            min(cast(event.{event_at} as date)) as happened_on,
            min(event.import_id) as import_id
        from facts.{event_template} as event
        where event.{event_at} is not null{event_where}
        group by event.{link}{each}
    ) as happened on unit.{key} = happened.unit_id
    where unit.workflow = $workflow{where}
