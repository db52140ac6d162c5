-- one row a version of what was spent in one place; its key is (spent_on, spent_to, channel, account, campaign,
-- ad_group, ad); times in UTC; appended, never updated
create table if not exists landed.spend (
    spent_on timestamp not null,
    spent_to timestamp,
    channel varchar,
    account varchar,
    campaign varchar,
    ad_group varchar,
    ad varchar,
    cost double,
    currency varchar,
    impressions bigint,
    clicks bigint,
    visits bigint,
    conversions double,
    workflow varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row what was spent in one place: the version that no other supersedes
create or replace view landed.current_spend as
select version.*
from landed.spend as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'spend'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
