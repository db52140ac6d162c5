-- one row a week of entry of the leads with a score that came, went or changed
create or replace temp table kept_weeks as
select cast(date_trunc('week', created_at) as date) as week
from {was}
where created_at is not null and score is not null and workflow = $workflow
union
select cast(date_trunc('week', created_at) as date) as week
from {is_now}
where created_at is not null and score is not null and workflow = $workflow
