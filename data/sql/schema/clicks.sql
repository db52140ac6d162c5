-- one row a version of a click; times in UTC; appended, never updated
create table if not exists landed.clicks (
    click_id varchar not null,
    clicked_at timestamp,
    lead_id varchar,
    workflow varchar,
    channel varchar,
    campaign varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a click: the version that no other supersedes
create or replace view landed.current_clicks as
select version.*
from landed.clicks as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'clicks'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
