-- the days of entry and of the event in the unit's own row
    select
        cast(unit.{at} as date) as entered_on,
        cast({happened_at} as date) as happened_on,
        unit.import_id
    from facts.{template} as unit
    where unit.workflow = $workflow and {happened_at} is not null{where}
