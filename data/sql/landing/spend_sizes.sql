-- one row: how many rows of spend are new and how many known ones stand beside them, what they cost, and their days
select
    (select count(*) from spend_new) as new_rows,
    (select sum(cost) from spend_new) as new_cost,
    (select count(*) from spend_known) as known_rows,
    (select sum(cost) from spend_known) as known_cost,
    (select min(first_day) from spend_new) as first_day,
    (select max(last_day) from spend_new) as last_day
