-- one row: how many rows expire, how many versions of them there are, and how many of them happened by a day
select count(distinct ({key})), count(*), count(distinct ({key})) filter (where gone.happened_at < $by)
from erased_rows as gone
join landed.{table} as version using (import_id, line)
