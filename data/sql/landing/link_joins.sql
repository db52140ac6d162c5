-- one row where any of these rows has one of the sampled identities
select 1
from {rows} as known
semi join link_sample on known.{key} = link_sample.link
limit 1
