-- the same of all messages, and whether it can be told by the weeks alone: not where a message sent after others is said to
-- have its answer before it
    select
        entered.unit_id,
        entered.cohort_week,
        date_diff('week', entered.cohort_week, messages.sent_week) as since_age,
        date_diff('week', entered.cohort_week, messages.answered_week) as yes_age,
        cast(null as integer) as bucket,
        coalesce(messages.asked_week <= greatest(messages.sent_week, messages.answered_week), true) as is_plain
    from entered
    inner join (
        select
            unit_id,
            cast(date_trunc('week', min(sent_on)) as date) as sent_week,
            cast(date_trunc('week', min(answered_on)) as date) as answered_week,
            cast(
                date_trunc(
                    'week',
                    struct_extract(
                        min(case when answered_on is not null then {'answered_on': answered_on, 'sent_on': sent_on} end),
                        'sent_on'
                    )
                ) as date
            ) as asked_week
        from (
            select
                unit.{link} as unit_id,
                cast({sent_at} as date) as sent_on,
                case when {answered_at} is not null{unless} then cast({answered_at} as date) end as answered_on
            from facts.{messages} as unit
            where {sent_at} is not null and unit.{link} is not null{messages_where}
        ) as each_message
        group by unit_id
    ) as messages on entered.unit_id = messages.unit_id
