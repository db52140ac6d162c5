-- one row a row of the template, current version, times in the workspace's time zone
select
    {columns},
    attributes,
    import_id,
    line
from {versions}
