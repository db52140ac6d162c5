-- one row a row of a template, of those that came, went or changed
create or replace temp view {view} as
{facts}
