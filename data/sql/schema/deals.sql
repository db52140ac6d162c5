-- one row a version of a deal; times in UTC; appended, never updated
create table if not exists landed.deals (
    deal_id varchar not null,
    lead_id varchar,
    created_at timestamp,
    closed_at timestamp,
    stage varchar,
    amount double,
    currency varchar,
    workflow varchar,
    channel varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a deal: the version that no other supersedes
create or replace view landed.current_deals as
select version.*
from landed.deals as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'deals'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
