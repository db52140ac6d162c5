-- one row an import, kept after an undo (undone_at) so that its number is never given twice; times in UTC. columns and
-- segments: what its rows speak of, sorted (NULL: landed before that was noted, and speaks of everything)
create table if not exists landed.imports (
    import_id bigint primary key,
    file varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    source varchar not null,
    template varchar not null,
    workflow varchar,
    answers varchar not null,
    header_fingerprint varchar not null,
    known_at timestamp not null,
    landed_at timestamp not null,
    undone_at timestamp,
    rows_read bigint not null,
    rows_new bigint not null,
    rows_updated bigint not null,
    rows_unchanged bigint not null,
    rows_stale bigint not null,
    rows_quarantined bigint not null,
    rows_skipped bigint not null,
    header varchar[] not null,
    reading varchar not null,
    warnings varchar not null,
    columns varchar[],
    segments varchar[]
);

-- one row a fault of a row that was not landed; cells: the row as it came, by place of its column, only those that would
-- have landed, masked as they would have been (NULL: the line has no cells). Line 0 stands for further rows with its
-- reason, as many as value says
create table if not exists landed.quarantine (
    import_id bigint not null,
    line bigint not null,
    column_name varchar,
    value varchar,
    reason varchar not null,
    message varchar not null,
    raw varchar,
    cells varchar[]
);

-- one row a line of an export that is no fact: preamble, comments, totals, footers, exact duplicates; line 0
-- stands for further lines with its reason, as many as raw says
create table if not exists landed.skipped (
    import_id bigint not null,
    line bigint not null,
    reason varchar not null,
    raw varchar
);

-- one row a version that is not the current one of its key: replaced by a later import, or older when it came
create table if not exists landed.superseded (
    template varchar not null,
    import_id bigint not null,
    line bigint not null,
    by_import bigint not null
);

-- one row a row of an export that said what was known already (of_import, of_line)
create table if not exists landed.sightings (
    template varchar not null,
    import_id bigint not null,
    line bigint not null,
    of_import bigint not null,
    of_line bigint not null,
    known_at timestamp not null
);

-- one row an answer that was given for files with these headers; the newest import's counts
create table if not exists landed.answers (
    header_fingerprint varchar not null,
    template varchar not null,
    answers varchar not null,
    import_id bigint not null
);

-- one row: the seal of the salt that addresses are hashed with, which is in a file beside the database
create table if not exists landed.secrets (
    name varchar primary key,
    value varchar not null
);

-- one row an identity that has become another one, as an import says it
create table if not exists landed.merges (
    template varchar not null,
    import_id bigint not null,
    line bigint not null,
    old_id varchar not null,
    new_id varchar not null,
    known_at timestamp not null
);

-- one row an identity that is no more, and the one that it has become in the end. Derived from the merges
create table if not exists landed.aliases (
    template varchar not null,
    old_id varchar not null,
    new_id varchar not null
);

-- one row each time that Leadline wrote or removed rows of an import: how many it has since then, and the sum of the hashes
-- of these columns over them (too large a number for a column of numbers), as this engine hashes. hash covers the row and
-- the one before it
create table if not exists landed.digests (
    sequence bigint not null,
    import_id bigint not null,
    template varchar not null,
    columns varchar[] not null,
    engine varchar not null,
    row_count bigint not null,
    digest varchar not null,
    previous_hash varchar,
    hash varchar not null
);
