-- one row a role and day: e-mails sent, e-mails of which an export marked opens by machines, mailings that came as totals
select
    case when machine_open is not null then 'marked' else 'sent' end as role,
    cast(sent_at as date) as day,
    count(*) as units
from facts.emails
where workflow = $workflow
group by all
union all
select
    'totals' as role,
    cast(sent_at as date) as day,
    count(*) as units
from facts.campaigns
where workflow = $workflow and unique_opens is not null
group by all
