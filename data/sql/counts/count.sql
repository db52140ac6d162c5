-- counts a question for the first time
create table kept.{counts} as
{counted}
