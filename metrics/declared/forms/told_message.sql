-- the first message to a unit and the first answer to one: units that got one
    select
        entered.unit_id,
        entered.cohort_week,
        date_diff('week', entered.cohort_week, cast(date_trunc('week', messages.sent_on) as date)) as since_age,
        date_diff('week', entered.cohort_week, cast(date_trunc('week', messages.answered_on) as date)) as yes_age,
        cast(null as integer) as bucket
    from entered
    inner join (
        select
            unit.{link} as unit_id,
            min(cast({sent_at} as date)) as sent_on,
            min(
                case when cast({answered_at} as date) <= $through{unless} then cast({answered_at} as date) end
            ) as answered_on
        from facts.{messages} as unit
        where cast({sent_at} as date) <= $through{messages_where}
        group by unit.{link}
    ) as messages on entered.unit_id = messages.unit_id
