-- one row a conversation, current version, times in the workspace's time zone
create or replace view facts.conversations as
select
    conversation_id,
    facts.local_time(held_at) as held_at,
    account,
    text,
    workflow,
    attributes,
    import_id,
    line
from landed.current_conversations;
