-- one row a row in force, from exports with the same headings, in the span of days of this file, that the file does not
-- hold; those of which something newer is known stay
create or replace temp table vanishing as
with span as (
    select min({moment}) as first_moment, max({moment}) as last_moment
    from typed_rows
),

confirmed as (
    select of_import, of_line, max(known_at) as known_at
    from landed.sightings
    where template = $template
    group by of_import, of_line
)

select {key}, known.import_id as of_import, known.line as of_line, -row_number() over (order by {key}) as line
from landed.{known} as known
inner join landed.imports as import on known.import_id = import.import_id
cross join span
left join confirmed on known.import_id = confirmed.of_import and known.line = confirmed.of_line
anti join typed_rows on {same_key}
where
    import.header_fingerprint = $fingerprint
    and known.{moment} between span.first_moment and span.last_moment
    and greatest(known.known_at, confirmed.known_at) <= $known_at
