/** Tenants and their limits; limits, OAuth2 and DKIM of relays. */
export const tenants = `
  -- A deleted tenant's id stays taken: what its log says must never become another's.
  CREATE TABLE tenants (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    domain TEXT,
    from_name TEXT,
    reply_to TEXT,
    requests_per_minute INTEGER,
    emails_per_day INTEGER,
    relay_id INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    emptied_at INTEGER
  ) STRICT;

  -- Until now a key could name any tenant.
  INSERT INTO tenants (id, name, created_at, updated_at)
  SELECT tenant_id, tenant_id, min(created_at), min(created_at)
  FROM keys WHERE tenant_id IS NOT NULL GROUP BY tenant_id;

  CREATE TABLE tenant_buckets (
    tenant_id TEXT PRIMARY KEY NOT NULL,
    tokens REAL NOT NULL,
    filled_at INTEGER NOT NULL,
    day INTEGER NOT NULL,
    emails_today INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX messages_tenant ON messages (tenant_id, id) WHERE tenant_id IS NOT NULL;

  -- Health is told from the failures in a row.
  ALTER TABLE relays DROP COLUMN health;
  ALTER TABLE relays ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE relays ADD COLUMN verified_at INTEGER;
  ALTER TABLE relays ADD COLUMN is_default INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE relays ADD COLUMN daily_limit INTEGER;
  ALTER TABLE relays ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE relays ADD COLUMN sent_today INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE relays ADD COLUMN oauth2_client_id TEXT;
  ALTER TABLE relays ADD COLUMN oauth2_access_url TEXT;
  ALTER TABLE relays ADD COLUMN oauth2_sealed BLOB;
  ALTER TABLE relays ADD COLUMN dkim_domain TEXT;
  ALTER TABLE relays ADD COLUMN dkim_selector TEXT;
  ALTER TABLE relays ADD COLUMN dkim_public TEXT;
  ALTER TABLE relays ADD COLUMN dkim_sealed BLOB;
  ALTER TABLE relays ADD COLUMN updated_at INTEGER;
`
