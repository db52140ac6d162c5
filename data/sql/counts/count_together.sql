-- counts a question for many workflows in one pass
create or replace temp table counted_together as
select
    asked.workflow as asked_of,
    told.*
from (select unnest($workflows) as workflow) as asked
cross join lateral (
{counted}
) as told
