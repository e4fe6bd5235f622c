-- Events on their way to the broker. `sequence` grows in the order in which the transactions of a distribution key commit. `lane` stands for
-- topic and record's key, and is null for a record without one; `state` is 0 for one that waits and 1 for one that was given up; `due` is
-- before when a refused one is not tried again, 0 at first, and when a letter was given up. `replays` counts how often a letter was sent again.
create table outbox_event (
    distribution_key text not null,
    sequence bigint not null,
    id text not null,
    lane bigint,
    topic text not null,
    record_key {bytes},
    value {bytes},
    headers {bytes} not null,
    created bigint not null,
    state bigint not null,
    due bigint not null,
    attempts bigint not null,
    replays bigint not null,
    reason text not null,
    primary key (distribution_key, sequence)
);
create index outbox_event_waiting on outbox_event (sequence) where state = 0;
create index outbox_event_lane on outbox_event (distribution_key, lane, sequence);
create index outbox_event_later on outbox_event (due) where state = 0 and due > 0;
create index outbox_event_dead on outbox_event (due, distribution_key, sequence) where state = 1;

-- The last sequence of a distribution key, in microseconds since 1970 at least, so that it grows over the removal of its row too.
create table outbox_sequence (
    distribution_key text primary key,
    last bigint not null
);
create index outbox_sequence_last on outbox_sequence (last);
