-- one row a lead of the export: an answer given in hours, minutes or seconds becomes a moment
select
    * replace (
        coalesce(
            first_response_at,
            created_at + to_microseconds((first_response_minutes * 60000000)::bigint),
            created_at + to_microseconds((first_response_hours * 3600000000)::bigint),
            created_at + to_microseconds((first_response_seconds * 1000000)::bigint)
        ) as first_response_at
    )
from typed
