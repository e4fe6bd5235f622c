-- What happened to a link within a day in UTC (counted from 1970), added up of its hours' parts, which stay: a row is there only while
-- it equals them. Whoever writes a part of a day that may have its row removes the row in the same transaction.
create table click_days (
    number bigint not null,
    day bigint not null,
    rollup {bytes} not null,
    primary key (number, day)
);
