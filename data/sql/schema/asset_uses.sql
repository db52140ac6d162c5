-- one row a version of a use of an asset; its key is (asset_id, used_at, used_by, context); times in UTC; appended, never updated
create table if not exists landed.asset_uses (
    asset_id varchar not null,
    used_at timestamp,
    used_by varchar,
    context varchar,
    rating double,
    workflow varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a use of an asset: the version that no other supersedes
create or replace view landed.current_asset_uses as
select version.*
from landed.asset_uses as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'asset_uses'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
