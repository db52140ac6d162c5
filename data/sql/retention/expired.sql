-- one row a version of a row of the template of which every version happened before a day; with when the newest did
create or replace temporary table erased_rows as
select version.import_id, version.line, old.happened_at
from landed.{table} as version
join (
    select {key}, max({moment}) as happened_at
    from landed.{table}
    group by all
    having max({moment}) < $before
) as old on {same_key}
