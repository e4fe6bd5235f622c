-- Who has signed in with a browser. The id is the SHA-256 of the cookie's token, in hexadecimal. A session of a key (kind 'key') holds
-- as long as the key does: verifier is that of the secret that was typed in, and the scopes are the key's own. One of a token
-- (kind 'token') holds what the authority said when it began. expires_at moves while it is used, to ends_at at most.
create table sessions (
    id text primary key,
    principal_id text not null,
    kind text not null,
    name text not null,
    scopes text not null,
    verifier {bytes},
    created_at bigint not null,
    expires_at bigint not null,
    ends_at bigint not null
);

create index sessions_expires on sessions (expires_at);
create index sessions_principal on sessions (principal_id, created_at);

-- The key with which forms and sign-ins under way are sealed; one row, made by whichever copy of the program starts first.
create table protection_keys (
    id text primary key,
    xml text not null
);
