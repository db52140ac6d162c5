-- one row a registered version of a workflow's charter; versions count from 1, the hashes chain them; UTC
create table if not exists agreed.charters (
    workflow varchar not null,
    version integer not null,
    content varchar not null,
    content_hash varchar not null,
    previous_hash varchar,
    author varchar not null,
    reason varchar,
    registered_at timestamp not null,
    primary key (workflow, version)
);
