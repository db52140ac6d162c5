-- one row a row of the template, current version, times in the workspace's time zone; a missing workflow comes from what
-- it belongs to
select
    {columns},
    attributes,
    import_id,
    line
from {versions}
where workflow is not null
union all
select
    {of_fact},
    fact.attributes,
    fact.import_id,
    fact.line
from {versions} as fact
left join {origins} as origin on fact.{link} = origin.{key}
where fact.workflow is null
