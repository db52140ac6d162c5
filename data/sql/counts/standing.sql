-- at most one row: the number of a question whose counts are kept
select number from kept.questions where key = $key
