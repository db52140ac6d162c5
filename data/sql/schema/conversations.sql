-- one row a version of a conversation; times in UTC; appended, never updated
create table if not exists landed.conversations (
    conversation_id varchar not null,
    held_at timestamp,
    account varchar,
    text varchar,
    workflow varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a conversation: the version that no other supersedes
create or replace view landed.current_conversations as
select version.*
from landed.conversations as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'conversations'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
