-- one row: what is known, from exports with the same headings, in the span of days of this file, and what of it the
-- file does not hold
with span as (
    select min({moment}) as first_moment, max({moment}) as last_moment
    from typed_rows
),

known as (
    select standing.*
    from landed.{standing} as standing
    inner join landed.imports as import on standing.import_id = import.import_id
    cross join span
    where
        import.header_fingerprint = $fingerprint
        and standing.{moment} between span.first_moment and span.last_moment
),

missing as (
    select concat_ws(' · ', {key}) as row_key, known.{moment} as moment
    from known
    anti join typed_rows on {same_key}
)

select
    (select count(*) from known) as known,
    (select count(*) from missing) as missing,
    (select list(row_key order by moment, row_key)[1:$most] from missing) as row_keys,
    facts.local_time(span.first_moment)::date as first_day,
    facts.local_time(span.last_moment)::date as last_day
from span
