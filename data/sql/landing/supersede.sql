-- what an import replaces, and what of it was out of date when it came
insert into landed.superseded
select
    $template as template,
    case when outcome = 'stale' then $import_id else of_import end as import_id,
    case when outcome = 'stale' then line else of_line end as line,
    $import_id as by_import
from matches
where outcome in ('updated', 'stale', 'retires')
