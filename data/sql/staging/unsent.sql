-- one fault a message of which neither this export nor another says when it was sent: a delivery would say it too
insert into faults
select record, line, 'sent_at', null, 'unsent_message'
from messages
where sent_at is null
