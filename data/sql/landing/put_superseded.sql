-- which of them are replaced, and which were out of date when they came
insert into landed.superseded
select
    $template as template,
    case when is_timely then standing_by else said_by end as import_id,
    case when is_timely then standing_on else said_on end as line,
    said_by as by_import
from refolded
where is_version and (not is_timely or standing_by is not null)
