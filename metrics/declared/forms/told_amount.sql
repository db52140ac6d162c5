-- whether fewer than half of a week's units have a higher amount than a unit
    select
        unit_id,
        cohort_week,
        -1 as since_age,
        case
            when
                2 * (rank() over (partition by cohort_week order by amount desc) - 1)
                < count(*) over (partition by cohort_week)
                then -1
        end as yes_age,
        cast(null as integer) as bucket
    from entered
    where amount is not null
