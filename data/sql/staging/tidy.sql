-- one row, one column a mapped column of the file: whether none of its cells needs trimming
select {tests}
from stage
