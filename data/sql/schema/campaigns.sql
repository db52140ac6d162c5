-- one row a version of a mailing to many recipients; times in UTC; appended, never updated
create table if not exists landed.campaigns (
    campaign_id varchar not null,
    sent_at timestamp,
    recipients bigint,
    delivered bigint,
    unique_opens bigint,
    unique_clicks bigint,
    unsubscribes bigint,
    open_rate double,
    click_rate double,
    workflow varchar,
    variant varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a mailing: the version that no other supersedes
create or replace view landed.current_campaigns as
select version.*
from landed.campaigns as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'campaigns'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
