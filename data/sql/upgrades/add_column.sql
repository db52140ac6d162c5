-- a column that a template has and its table, made by an earlier Leadline, lacks; empty in the rows that have landed
alter table landed.{table} add column {column} {type}
