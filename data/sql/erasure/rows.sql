-- one row a version of a row of the template that speaks of the person
create or replace temporary table erased_rows as
select distinct import_id, line from landed.{table} where {speaks}
