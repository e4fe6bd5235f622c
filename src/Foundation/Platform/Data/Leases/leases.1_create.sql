create table lease (
    name text not null,
    kind text not null,
    holder text not null,
    epoch bigint not null,
    expires bigint not null,
    primary key (name, kind)
);
