-- one row a version of a review; its key is (item_id, dimension, reviewer); times in UTC; appended, never updated
create table if not exists landed.reviews (
    item_id varchar not null,
    reviewed_at timestamp,
    reviewer varchar,
    dimension varchar,
    score double,
    passed boolean,
    workflow varchar,
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
);

-- one row a review: the version that no other supersedes
create or replace view landed.current_reviews as
select version.*
from landed.reviews as version
anti join (
    select import_id, line
    from landed.superseded
    where template = 'reviews'
) as replaced
    on version.import_id = replaced.import_id and version.line = replaced.line;
