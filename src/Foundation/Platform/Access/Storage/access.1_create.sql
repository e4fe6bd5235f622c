-- Who may call. A principal's rows and its credentials are spread by its id. The kind says what the verifier is: of a 'key'
-- it is the SHA-256 of the secret. Scopes are names with a space between. The verifier before the last rotation holds until
-- previous_until.
create table principals (
    id text primary key,
    kind text not null,
    name text not null,
    scopes text not null,
    verifier {bytes} not null,
    previous_verifier {bytes},
    previous_until bigint,
    created_at bigint not null,
    rotated_at bigint,
    expires_at bigint,
    revoked_at bigint
);

-- Which principal a name stands for. A table of its own because a unique name crosses the principals' distribution key.
create table principal_names (
    name text primary key,
    id text not null,
    claimed_at bigint not null
);
