/** Latency, deliveries over time, SMTP transcripts, alerts and their rules. */
export const alertsAndTranscripts = `
  -- How many requests of a row took up to so many milliseconds; the last column has the slower ones.
  ALTER TABLE usage ADD COLUMN ms_total REAL NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_1 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_2 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_5 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_10 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_20 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_50 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_100 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_200 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_500 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_1000 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_2000 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_5000 INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN ms_more INTEGER NOT NULL DEFAULT 0;

  -- What became of live mail, in recipients. tenant '' is no tenant.
  CREATE TABLE delivery_usage (
    minute INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    outcome TEXT NOT NULL,
    recipients INTEGER NOT NULL,
    PRIMARY KEY (minute, tenant, outcome)
  ) STRICT, WITHOUT ROWID;

  -- What a captured message went through is its own row; this finds what a live one goes through.
  CREATE INDEX events_message ON events (message_id)
  WHERE message_id IS NOT NULL AND type <> 'captured';

  -- Of a message by its id, of a refused session by its request id: both begin with their time.
  CREATE TABLE transcripts (
    name TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    lines TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER transcript_deleted AFTER DELETE ON messages BEGIN
    DELETE FROM transcripts WHERE name = old.public_id;
  END;

  -- Where a key was used from; bounded for each key.
  CREATE TABLE key_addresses (
    key_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (key_id, address)
  ) STRICT, WITHOUT ROWID;

  -- Only what was changed; the rest has the rule's own defaults.
  CREATE TABLE alert_rules (
    rule TEXT PRIMARY KEY,
    settings TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
    -- What it is about, as exactly as it is told apart; subject is the id that is shown.
    about TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    tenant_id TEXT,
    figures TEXT NOT NULL,
    message TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    cleared_at INTEGER,
    acknowledged_at INTEGER,
    acknowledged_by TEXT
  ) STRICT;

  -- Raised once: there is one open alert of a rule about a thing.
  CREATE UNIQUE INDEX alerts_open ON alerts (rule, about) WHERE cleared_at IS NULL;
`
