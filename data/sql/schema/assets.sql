-- one row a version of a produced asset; times in UTC; appended, never updated
create table if not exists landed.assets (
    asset_id varchar not null,
    published_at timestamp,
    workflow varchar,
    kind varchar,
    title varchar,
    cost double,
    currency varchar,
    brief_id varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a asset: the version that no other supersedes
create or replace view landed.current_assets as
select version.*
from landed.assets as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'assets'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
