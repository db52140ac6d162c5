-- which of them are replaced, and which were out of date when they came
insert into landed.superseded
select
    $template as template,
    case when _is_timely then _standing_by else _said_by end as import_id,
    case when _is_timely then _standing_on else _said_on end as line,
    _said_by as by_import
from refolded
where _is_version and (not _is_timely or _standing_by is not null)
