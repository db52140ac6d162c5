-- whether a unit was answered within $minutes minutes, from the week on in which that is settled
    select
        unit_id,
        cohort_week,
        coalesce(date_diff('week', cohort_week, answered_week), 0) as since_age,
        date_diff('week', cohort_week, answered_week) as yes_age,
        cast(null as integer) as bucket
    from (
        select
            unit_id,
            cohort_week,
            case
                when
                    answered_at <= began_at + to_minutes(cast({minutes} as bigint))
                    and cast(answered_at as date) <= $through
                    then greatest(
                        cast(date_trunc('week', answered_at) as date), cast(date_trunc('week', began_at) as date)
                    )
            end as answered_week
        from entered
    ) as answered
