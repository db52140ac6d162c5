-- one row a version of a message to one recipient; times in UTC; appended, never updated
create table if not exists landed.emails (
    message_id varchar not null,
    lead_id varchar,
    sent_at timestamp,
    delivered_at timestamp,
    opened_at timestamp,
    clicked_at timestamp,
    machine_open boolean,
    workflow varchar,
    variant varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a message: the version that no other supersedes
create or replace view landed.current_emails as
select version.*
from landed.emails as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'emails'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
