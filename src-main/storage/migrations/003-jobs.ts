/** Jobs and their recipients, scheduled mail, and stored responses of idempotent requests. */
export const jobs = `
  CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tracking_id TEXT NOT NULL UNIQUE,
    task_id TEXT NOT NULL,
    tenant_id TEXT,
    key_id INTEGER,
    status TEXT NOT NULL
      CHECK (status IN ('pending', 'processing', 'paused', 'completed', 'failed', 'stopped')),
    template TEXT,
    campaign_id TEXT,
    content TEXT NOT NULL,
    total INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    updated_at INTEGER NOT NULL
  ) STRICT;

  CREATE INDEX jobs_active ON jobs (id) WHERE status IN ('pending', 'processing', 'paused');

  CREATE TABLE job_recipients (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    variables TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'failed', 'cancelled')),
    message_id INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    error TEXT
  ) STRICT;

  CREATE INDEX job_recipients_job ON job_recipients (job_id, id);
  CREATE INDEX job_recipients_pending ON job_recipients (job_id, id) WHERE status = 'pending';

  -- The relay that the sender chose; the others take over when it cannot be reached.
  ALTER TABLE messages ADD COLUMN relay_id INTEGER;

  CREATE TABLE scheduled (
    public_id TEXT PRIMARY KEY,
    key_id INTEGER,
    tenant_id TEXT,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    status TEXT NOT NULL CHECK (status IN ('scheduled', 'cancelled', 'failed')),
    due_at INTEGER NOT NULL,
    mail_from TEXT NOT NULL,
    rcpt_to TEXT NOT NULL,
    raw BLOB NOT NULL,
    options TEXT,
    relay_id INTEGER,
    error TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE INDEX scheduled_due ON scheduled (due_at) WHERE status = 'scheduled';

  CREATE TABLE idempotency (
    key_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (key_id, name)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX idempotency_age ON idempotency (created_at);
`
