-- Answers to texts, people who want no texts, schedules of workflows, and what is kept sealed.

-- 1 when the run's journal, effects and notices are sealed: they may hold what a caller entered as a secret.
alter table runs add column is_sealed bigint not null default 0;

-- Questions that runs have asked by text and that are not answered yet. `ours` is empty for the server's own number; `accepts` is a JSON list of answers that
-- belong to this question for certain.
create table awaited_replies (
    run_id text not null,
    question bigint not null,
    ours text not null,
    theirs text not null,
    accepts text not null,
    asked_at bigint not null,
    primary key (run_id, question)
);
create index awaited_replies_by_person on awaited_replies (theirs, asked_at);

-- Texts that were received and have had their effect: the second webhook about one changes nothing.
create table receipts (
    message_uuid text not null primary key,
    received_at bigint not null
);
create index receipts_by_age on receipts (received_at);

-- Who wants no texts from which of our numbers.
create table opt_outs (
    ours text not null,
    theirs text not null,
    opted_out_at bigint not null,
    primary key (ours, theirs)
);
create index opt_outs_by_person on opt_outs (theirs);

-- The next planned moment of each published workflow that has a schedule.
create table schedules (
    workflow_id text not null primary key,
    cron text not null,
    time_zone text not null,
    planned_at bigint not null
);
create index schedules_by_moment on schedules (planned_at);
