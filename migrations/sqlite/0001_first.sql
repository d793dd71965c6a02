-- Everything the server keeps. Written so that SQLite and PostgreSQL read it alike: text and bigint only, times in milliseconds since 1970 (UTC),
-- truth as 0 and 1, digests as hexadecimal text.

create table settings (
    name text not null primary key,
    value text not null
);

create table workflows (
    id text not null primary key,
    name text not null,
    description text not null,
    draft text not null,
    revision bigint not null,
    saved_at bigint not null,
    error_count bigint not null,
    published_version bigint,
    differs_from_published bigint not null,
    deleted_at bigint
);

-- What was published once stays as it was: runs end on the version they began with.
create table versions (
    workflow_id text not null,
    version bigint not null,
    document text not null,
    published_at bigint not null,
    published_by text not null,
    primary key (workflow_id, version)
);

create table runs (
    id text not null primary key,
    workflow_id text not null,
    version bigint not null,
    status text not null,
    trigger_kind text not null,
    started_at bigint not null,
    last_at bigint not null,
    ended_at bigint,
    problem text,
    journal_length bigint not null,
    -- The call or message that started the run: a webhook that comes twice starts one run.
    source_uuid text,
    -- The variables at the end, so that a finished run need not be replayed to be shown.
    variables text
);
create unique index runs_by_source on runs (source_uuid);
create index runs_by_start on runs (started_at, id);
create index runs_by_workflow on runs (workflow_id, started_at);
create index runs_by_status on runs (status);

create table journal (
    run_id text not null,
    seq bigint not null,
    at bigint not null,
    input text not null,
    notes text not null,
    effects text not null,
    primary key (run_id, seq)
);

-- Effects that are committed and not yet settled. `pending`: to be tried at due_at; `sending`: an attempt is under way; `unsure`: an attempt was made
-- and nobody knows yet what became of it.
create table outbox (
    run_id text not null,
    effect_id bigint not null,
    kind text not null,
    effect text not null,
    phase text not null,
    attempt bigint not null,
    due_at bigint not null,
    tried_at bigint,
    primary key (run_id, effect_id)
);
create index outbox_by_due on outbox (kind, due_at);

-- The carrier's ids of what our effects became, so that a search for a lost one never takes another's for it.
create table carrier_ids (
    uuid text not null primary key,
    run_id text not null,
    effect_id bigint not null
);
create index carrier_ids_by_run on carrier_ids (run_id);

create table timers (
    run_id text not null primary key,
    wake_at bigint not null
);
create index timers_by_wake on timers (wake_at);

-- Ends of runs that have to be told to a workflow's `on_complete` address.
create table completions (
    run_id text not null primary key,
    url text not null,
    body text not null,
    attempt bigint not null,
    due_at bigint not null
);
create index completions_by_due on completions (due_at);

create table idempotency (
    caller text not null,
    idempotency_key text not null,
    request_digest text not null,
    run_id text not null,
    created_at bigint not null,
    primary key (caller, idempotency_key)
);
create index idempotency_by_age on idempotency (created_at);

create table tokens (
    id text not null primary key,
    name text not null,
    scope text not null,
    digest text not null,
    last_characters text not null,
    created_at bigint not null,
    last_used_at bigint
);
create unique index tokens_by_digest on tokens (digest);

create table sessions (
    digest text not null primary key,
    name text not null,
    created_at bigint not null,
    expires_at bigint not null
);

create table sign_in_keys (
    digest text not null primary key,
    expires_at bigint not null
);

create table numbers (
    number text not null primary key,
    workflow_id text
);
