-- the leads that entered in those weeks
create or replace temp view kept_leads_of_weeks as
select unit.*
from facts.leads as unit
semi join kept_weeks on cast(date_trunc('week', unit.created_at) as date) = kept_weeks.week
