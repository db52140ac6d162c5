-- one row a row of the template
create or replace view facts.{view} as
{facts}
