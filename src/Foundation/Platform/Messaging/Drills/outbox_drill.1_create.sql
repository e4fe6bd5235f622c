-- What is changed: `version` counts its changes, as the transactions made them that committed.
create table item (
    name text primary key,
    version bigint not null
);

-- Each change that committed, and the event that tells of it.
create table change (
    item text not null,
    version bigint not null,
    event_id text not null,
    primary key (item, version)
);

-- What consumers made of events: `times` is 1 where each took effect once.
create table effect (
    item text not null,
    event_id text not null,
    times bigint not null,
    primary key (item, event_id)
);

-- Where a reader goes on after its process has ended: at most behind what took effect.
create table place (
    topic_partition text primary key,
    next bigint not null
);
