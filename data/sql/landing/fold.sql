-- makes what is known of the spoken keys anew: of every column, and of every segment, what the newest entry (a version or
-- a sighting) says whose export has it. Kept only where the version in force alone does not say it. An entry that
-- retires a row says nothing else. Names that begin with _ are no column of any template
delete from landed.{folded} as known
using spoken_keys
where {known_key};

create or replace temp table fold_entries as
with entries as (
    select version.*, version.import_id as _said_by, version.known_at as _said_at
    from landed.{table} as version
    semi join spoken_keys on {version_key}
    union all
    select version.*, sighting.import_id, sighting.known_at
    from landed.sightings as sighting
    inner join landed.{table} as version
        on sighting.of_import = version.import_id and sighting.of_line = version.line
    semi join spoken_keys on {version_key}
    where sighting.template = $template
)

select
    {entry_columns},
    entries.attributes,
    entries.is_retired is not true as _speaks,
    import.columns as _columns,
    import.segments as _segments,
    epoch_us(entries._said_at)::hugeint * 1000000000000 + entries._said_by as _rank
from entries
inner join landed.imports as import on entries._said_by = import.import_id;

insert into landed.{folded} by name
with newest as (
    select
        {key},
        {newest}
    from fold_entries
    where _speaks
    group by all
),

headings as (
    select distinct {key}, unnest(coalesce(_segments, map_keys(attributes))) as _heading
    from fold_entries
    where _speaks
),

segments as (
    select
        {headings_key},
        headings._heading,
        arg_max_null(entry.attributes[headings._heading], entry._rank) as _value
    from headings
    inner join fold_entries as entry on {entry_of_heading}
    where entry._speaks and (entry._segments is null or list_contains(entry._segments, headings._heading))
    group by all
),

attributes as (
    select {key}, map_from_entries(list_sort(list(struct_pack(k := _heading, v := _value)))) as _attributes
    from segments
    where _value is not null
    group by all
),

known as (
    select
        standing.* replace (
            {replaced},
            coalesce(attributes._attributes, map()::map(varchar, varchar)) as attributes
        )
    from landed.{standing} as standing
    inner join newest on {newest_of_standing}
    left join attributes on {attributes_of_standing}
)

select known.*
from known
inner join landed.{table} as version on known.import_id = version.import_id and known.line = version.line
where
    known.is_retired is not true
    and (
    {differs}
    or map_entries(known.attributes) is distinct from list_sort(map_entries(version.attributes))
    )
