-- removes the counts of those weeks of entry
delete from kept.{counts}
where cohort_week in (select week from kept_weeks)
