-- once it is known that every record is a row of the table: gives their memory back
alter table stage drop column odd_row
