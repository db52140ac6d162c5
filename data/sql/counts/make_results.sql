-- results by the fingerprint of all that they rest on, the newest with the highest number
create table if not exists kept.{table} (number bigint not null, key varchar not null, text varchar not null)
