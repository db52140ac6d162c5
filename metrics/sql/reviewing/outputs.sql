-- one row an output of a workflow that people are to look at, of the weeks from $first (a Monday) through $last: of each
-- week $a_week, drawn from every kind and segment in proportion, and the first $closely of a version that is new.
-- Where an output has its own words or link those are shown; e-mails have none and stand where nothing else does.
with outputs as (
    select
        asset_id as item_id,
        'asset' as what,
        cast(published_at as date) as entered_on,
        coalesce(kind, '') as stratum,
        title,
        link,
        text,
        brief_id,
        version
    from facts.assets
    where workflow = $workflow and cast(published_at as date) <= $last
    union all
    select
        unit_id,
        coalesce(kind, 'unit'),
        cast(entered_at as date),
        concat_ws(' ', kind, segment),
        null,
        link,
        text,
        brief_id,
        version
    from facts.units
    where workflow = $workflow and cast(entered_at as date) <= $last
    union all
    select
        message_id, 'e-mail', cast(sent_at as date), coalesce(variant, ''), null, null, null, brief_id, version
    from facts.emails
    where workflow = $workflow and cast(sent_at as date) <= $last
        and not exists (from facts.assets where workflow = $workflow)
        and not exists (from facts.units where workflow = $workflow)
),

versions as (
    select
        version,
        min(entered_on) as since
    from outputs
    where version is not null
    group by version
),

fresh as (
    select version from versions
    where since >= $first and since > (select min(since) from versions)
),

drawn as (
    select
        *,
        cast(date_trunc('week', entered_on) as date) as week,
        sha256($workflow || ' ' || item_id) as draw
    from outputs
    where entered_on >= $first
),

placed as (
    select
        *,
        (row_number() over (partition by week, stratum order by draw) - 0.5)
        / count(*) over (partition by week, stratum) as place,
        row_number() over (partition by version order by entered_on, draw) as of_version,
        version in (select version from fresh) as is_fresh
    from drawn
)

select
    item_id,
    what,
    week,
    title,
    link,
    text,
    brief_id,
    version
from placed
qualify
    row_number() over (partition by week order by place, draw) <= $a_week
    or (is_fresh and of_version <= $closely)
order by week, place, draw
