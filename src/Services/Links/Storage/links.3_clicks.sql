-- What happened to a link within an hour, in parts: each written once and never changed, so that no two writers ever meet.
-- Parts are merged when they are read, and into one now and then. `hour` counts from 1970; docs/formats/click-rollup.md has the
-- form of `rollup`.
create table clicks (
    number bigint not null,
    hour bigint not null,
    part bigint not null,
    rollup {bytes} not null,
    primary key (number, hour, part)
);

-- Under which key visitors are told apart on a day (counted from 1970); gone two days later, and with it any way back.
create table click_salts (
    day bigint primary key,
    salt {bytes} not null
);
