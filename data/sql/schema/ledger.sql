-- one row an event, appended and never changed: alerts, decisions, reviews as shown, notifications; times in UTC.
-- `hash` covers the whole row and the hash of the row before, so that a later change shows
create table if not exists agreed.ledger (
    sequence bigint primary key,
    kind varchar not null,
    workflow varchar,
    subject varchar,
    happened_at timestamp not null,
    actor varchar not null,
    payload varchar not null,
    previous_hash varchar,
    hash varchar not null
);
