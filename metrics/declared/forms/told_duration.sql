-- the first answer to a unit. Bucket b holds [exp(b / 24) - 1, exp((b + 1) / 24) - 1) minutes
    select
        unit_id,
        cohort_week,
        0 as since_age,
        date_diff('week', cohort_week, cast(date_trunc('week', answered_at) as date)) as yes_age,
        cast(
            floor(24 * ln(1 + cast(date_diff('second', began_at, answered_at) as double) / 60)) as integer
        ) as bucket
    from (
        select
            unit_id,
            cohort_week,
            began_at,
            case when cast(answered_at as date) <= $through then greatest(answered_at, began_at) end as answered_at
        from entered
    ) as answered
