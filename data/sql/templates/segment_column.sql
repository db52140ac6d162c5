-- the value of one column, where that is the segment
when {word} then unit.{column}
