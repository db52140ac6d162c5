-- adds counts of units that are not in the counts of a question
insert into kept.{counts} by name
{counted}
