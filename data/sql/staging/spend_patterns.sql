-- one row a set of columns that rows of spend fill in, as a bit mask of {dimensions}
select {mask} as filled, count(*) as row_count
from typed_rows
group by filled
order by filled
