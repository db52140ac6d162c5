-- one row a row of the export whose key has landed before, beside the version that stands: as that version was said, not
-- as it is known. A row is unchanged where it says the same and its export speaks of the same columns. replaced, blanked
-- and silent are bit masks of columns, in the template's order, of which something is known: those of which the row says
-- something else, nothing, and those that its export does not have. moved: microseconds by which all its times move; NULL
-- where they don't move alike. is_recreated: its own moment lies on another day. factor: by which its amount is multiplied.
-- was_decided, is_reopened: what is known of it was final, and would be open again
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
        when
            {same_content}
            and candidates.attributes is not distinct from standing.attributes
            and candidates.is_retired is not distinct from standing.is_retired
            and {same_width}
            then 'unchanged'
        when candidates.known_at < greatest(standing.known_at, confirmed.known_at) then 'stale'
        when candidates.is_retired then 'retires'
        else 'updated'
    end as outcome,
    candidates.is_retired is true as is_retired,
    standing.is_retired is true as was_retired,
    {replaced} as replaced,
    {blanked} as blanked,
    {silent} as silent,
    {moved} as moved,
    {is_recreated} as is_recreated,
    {factor} as factor,
    {was_decided} as was_decided,
    {is_reopened} as is_reopened
from candidates
inner join landed.{standing} as standing on {same_key}
left join confirmed on standing.import_id = confirmed.of_import and standing.line = confirmed.of_line
{folded}
