/** Tags, saved searches and counts of unread messages. */
export const tags = `
  -- The tags themselves are in messages.options; this is how messages are found by them.
  CREATE TABLE message_tags (
    tag TEXT NOT NULL COLLATE NOCASE,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    tenant TEXT NOT NULL,
    PRIMARY KEY (tag, message_id)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX message_tags_message ON message_tags (message_id);

  -- Counted in the same transaction, as inboxes are. tenant '' is no tenant.
  CREATE TABLE tags (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    total INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER tag_given AFTER INSERT ON message_tags BEGIN
    INSERT INTO tags (tenant, name, total) VALUES (new.tenant, new.tag, 1)
    ON CONFLICT (tenant, name) DO UPDATE SET total = total + 1;
  END;

  CREATE TRIGGER tag_taken AFTER DELETE ON message_tags BEGIN
    UPDATE tags SET total = total - 1 WHERE tenant = old.tenant AND name = old.tag;
    DELETE FROM tags WHERE tenant = old.tenant AND name = old.tag AND total <= 0;
  END;

  CREATE TRIGGER tags_captured AFTER INSERT ON messages
  WHEN new.inbox IS NOT NULL AND new.options IS NOT NULL BEGIN
    INSERT OR IGNORE INTO message_tags (tag, message_id, tenant)
    SELECT value, new.id, coalesce(new.tenant_id, '')
    FROM json_each(new.options, '$.tags') WHERE type = 'text';
  END;

  CREATE TRIGGER tags_changed AFTER UPDATE OF options ON messages WHEN new.inbox IS NOT NULL BEGIN
    DELETE FROM message_tags WHERE message_id = new.id;
    INSERT OR IGNORE INTO message_tags (tag, message_id, tenant)
    SELECT value, new.id, coalesce(new.tenant_id, '')
    FROM json_each(coalesce(new.options, '{}'), '$.tags') WHERE type = 'text';
  END;

  INSERT OR IGNORE INTO message_tags (tag, message_id, tenant)
  SELECT each.value, messages.id, coalesce(tenant_id, '')
  FROM messages, json_each(messages.options, '$.tags') AS each
  WHERE inbox IS NOT NULL AND options IS NOT NULL AND each.type = 'text';

  CREATE TABLE saved_searches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    query TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant, name)
  ) STRICT;

  CREATE INDEX messages_unread ON messages (id) WHERE read = 0 AND inbox IS NOT NULL;
`
