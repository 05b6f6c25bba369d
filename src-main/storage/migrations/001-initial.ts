/** The first tables. A migration is never edited once released. */
export const initial = `
  CREATE TABLE keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    name TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    permissions TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('created', 'environment')),
    tenant_id TEXT,
    inbox TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1,
    requests_per_minute INTEGER,
    emails_per_day INTEGER,
    allowed_senders TEXT NOT NULL DEFAULT '[]',
    allowed_ips TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    last_used_from TEXT
  ) STRICT;

  -- A rotated key has two secrets for its grace time.
  CREATE TABLE key_secrets (
    hash BLOB PRIMARY KEY,
    key_id INTEGER NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    expires_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE buckets (
    key_id INTEGER PRIMARY KEY,
    tokens REAL NOT NULL,
    filled_at INTEGER NOT NULL,
    day INTEGER NOT NULL,
    emails_today INTEGER NOT NULL
  ) STRICT;

  -- What lists show; raw bytes and parts live apart, so that pages of rows stay compact.
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    status TEXT NOT NULL,
    key_id INTEGER,
    tenant_id TEXT,
    inbox TEXT,
    door TEXT NOT NULL CHECK (door IN ('http', 'smtp')),
    mail_from TEXT NOT NULL,
    rcpt_to TEXT NOT NULL,
    header_from TEXT NOT NULL,
    header_to TEXT NOT NULL,
    header_cc TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT,
    dated_at INTEGER,
    size_bytes INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    read INTEGER NOT NULL DEFAULT 0,
    options TEXT,
    delivered_at INTEGER,
    -- A test message lies in an inbox and is never on its way; a live one is never captured.
    CHECK ((mode = 'test') = (inbox IS NOT NULL)),
    CHECK (mode = 'live' OR status IN ('captured', 'scheduled', 'cancelled')),
    CHECK (mode = 'test' OR status <> 'captured')
  ) STRICT;

  CREATE INDEX messages_inbox ON messages (inbox, id) WHERE inbox IS NOT NULL;
  CREATE INDEX messages_status ON messages (status, id) WHERE mode = 'live';

  CREATE TABLE bodies (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    raw BLOB NOT NULL
  ) STRICT;

  -- Counts are kept in the same transaction, so that nobody ever scans for them.
  -- tenant '' is no tenant.
  CREATE TABLE inboxes (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    total INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER inbox_captured AFTER INSERT ON messages WHEN new.inbox IS NOT NULL BEGIN
    INSERT INTO inboxes (tenant, name, total, unread)
    VALUES (coalesce(new.tenant_id, ''), new.inbox, 1, 1)
    ON CONFLICT (tenant, name) DO UPDATE SET total = total + 1, unread = unread + 1;
  END;

  CREATE TRIGGER inbox_deleted AFTER DELETE ON messages WHEN old.inbox IS NOT NULL BEGIN
    UPDATE inboxes SET total = total - 1, unread = unread - (old.read = 0)
    WHERE tenant = coalesce(old.tenant_id, '') AND name = old.inbox;
  END;

  CREATE TRIGGER inbox_read AFTER UPDATE OF read ON messages
  WHEN old.inbox IS NOT NULL AND old.read <> new.read BEGIN
    UPDATE inboxes SET unread = unread + old.read - new.read
    WHERE tenant = coalesce(old.tenant_id, '') AND name = old.inbox;
  END;

  -- One row a recipient of a live message.
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER,
    relay_id INTEGER,
    last_reply TEXT,
    delivered_at INTEGER
  ) STRICT;

  -- Whatever the code says: a test message is never queued for delivery.
  CREATE TRIGGER deliveries_are_live BEFORE INSERT ON deliveries
  WHEN (SELECT mode FROM messages WHERE id = new.message_id) IS NOT 'live' BEGIN
    SELECT raise(ABORT, 'only a live message can be delivered');
  END;

  CREATE INDEX deliveries_message ON deliveries (message_id);
  CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

  CREATE TABLE relays (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('created', 'environment')),
    tenant_id TEXT,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    username TEXT,
    password_sealed BLOB,
    tls TEXT NOT NULL CHECK (tls IN ('none', 'starttls', 'implicit')),
    tls_verify INTEGER NOT NULL,
    from_email TEXT,
    priority INTEGER NOT NULL,
    health TEXT NOT NULL DEFAULT 'unknown',
    last_error TEXT,
    last_used_at INTEGER,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    key_id INTEGER,
    tenant_id TEXT,
    message_id INTEGER,
    data TEXT NOT NULL
  ) STRICT;

  -- How far each follower has read the event log.
  CREATE TABLE cursors (
    follower TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- key_id 0 is a request without a known key.
  CREATE TABLE usage (
    minute INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    tenant_id TEXT,
    route TEXT NOT NULL,
    outcome TEXT NOT NULL,
    requests INTEGER NOT NULL,
    emails INTEGER NOT NULL,
    PRIMARY KEY (minute, key_id, route, outcome)
  ) STRICT, WITHOUT ROWID;
`
