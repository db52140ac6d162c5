-- removes everything kept of the refolded keys
delete from landed.superseded
using (
    select version.import_id, version.line
    from landed.{table} as version
    semi join later_keys on {same_key}
) as gone
where
    superseded.template = $template
    and superseded.import_id = gone.import_id
    and superseded.line = gone.line;

delete from landed.sightings
using (
    select version.import_id, version.line
    from landed.{table} as version
    semi join later_keys on {same_key}
) as gone
where
    sightings.template = $template
    and sightings.of_import = gone.import_id
    and sightings.of_line = gone.line;

delete from landed.{table} as version
using later_keys
where {same_key}
