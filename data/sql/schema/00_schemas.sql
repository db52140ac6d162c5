-- landed: everything that came from exports. facts: the current version of it. agreed: what people signed.
create schema if not exists landed;
create schema if not exists facts;
create schema if not exists agreed;

-- one row: the schema that was made here last, how far the workspace has come through the steps of
-- `data.database.upgrades`, and the version of the Leadline that made it so
create table if not exists landed.schema_stamp (
    stamp varchar not null,
    format bigint,
    made_by varchar
);
