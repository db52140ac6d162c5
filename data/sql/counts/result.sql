-- at most one row: what is kept under a fingerprint
select text from kept.results where key = $key
