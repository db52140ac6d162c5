-- one row a row of the export whose key has landed before, beside the version that stands
create or replace temp table matches as
with candidates as (
    select typed_rows.*, coalesce({changed_at}, $known_at) as known_at
    from typed_rows
    anti join (
        select record from faults
        union all
        select record from doubles where outcome <> 'kept'
    ) as dropped on typed_rows.record = dropped.record
),

confirmed as (
    select of_import, of_line, max(known_at) as known_at
    from landed.sightings
    where template = $template
    group by of_import, of_line
)

select
    candidates.record,
    candidates.line,
    standing.import_id as of_import,
    standing.line as of_line,
    candidates.known_at,
    case
        when {same_content} and candidates.attributes is not distinct from standing.attributes then 'unchanged'
        when candidates.known_at < greatest(standing.known_at, confirmed.known_at) then 'stale'
        else 'updated'
    end as outcome
from candidates
inner join landed.{standing} as standing on {same_key}
left join confirmed on standing.import_id = confirmed.of_import and standing.line = confirmed.of_line
