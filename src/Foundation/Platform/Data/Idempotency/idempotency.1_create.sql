create table idempotency (
    distribution_key text not null,
    principal text not null,
    operation text not null,
    request_key text not null,
    fingerprint {bytes} not null,
    state bigint not null,
    epoch bigint not null,
    lease_until bigint not null,
    expires bigint not null,
    response {bytes} not null,
    primary key (distribution_key, principal, operation, request_key)
);
create index idempotency_expires on idempotency (expires);
