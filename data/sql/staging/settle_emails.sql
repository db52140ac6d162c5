-- one row a row of the export: where it is an event of a message, what happened becomes the moment of that; where it only
-- says how often a message was opened, that counts from when it was sent
select
    * replace (
        coalesce(case when event = 'sent' then event_at end, sent_at) as sent_at,
        coalesce(case when event = 'delivered' then event_at end, delivered_at) as delivered_at,
        coalesce(case when event in ('opened', 'opened_by_machine') then event_at end, opened_at, case when opens > 0 then sent_at end)
            as opened_at,
        coalesce(case when event = 'clicked' then event_at end, clicked_at, case when clicks > 0 then sent_at end) as clicked_at,
        coalesce(case when event = 'replied' then event_at end, replied_at) as replied_at,
        coalesce(case event when 'opened_by_machine' then true when 'opened' then false end, machine_open) as machine_open
    )
from typed
