-- one row a version of a lead; times in UTC; appended, never updated
create table if not exists landed.leads (
    lead_id varchar not null,
    created_at timestamp,
    workflow varchar,
    channel varchar,
    region varchar,
    segment varchar,
    owner varchar,
    score double,
    first_response_at timestamp,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a lead: the version that no other supersedes
create or replace view landed.current_leads as
select version.*
from landed.leads as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'leads'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
