-- counts that are kept between questions: what of the facts they follow, and one row a question. The counts themselves
-- are in kept.counts_<number>, a table a question, its columns those of the question
create schema if not exists kept;
create table if not exists kept.state (
    last_import bigint not null,
    undone_imports bigint not null,
    stamp varchar not null
);
create table if not exists kept.questions (
    number bigint not null,
    name varchar not null,
    key varchar not null,
    bound varchar not null
);
