-- one row: for each of some columns how many of its cells hold something, and some of these from everywhere in the file
select {cells}
from {records}
