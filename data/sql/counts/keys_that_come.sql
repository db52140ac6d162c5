-- one row a key of the rows that are about to be written
create or replace temp table kept_keys as
{keys}
