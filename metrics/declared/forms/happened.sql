-- one row a unit with such an event by then: the day of the first
    select event.{link} as unit_id, min(cast(event.{event_at} as date)) as happened_on
    from facts.{event_template} as event
    where cast(event.{event_at} as date) <= $through{event_where}
    group by event.{link}
