-- one row a workflow of which outputs were judged by a day
select workflow
from facts.reviews
where passed is not null and cast(reviewed_at as date) <= $last
group by workflow
