/**
 * Parts of messages that come in several. They stay as long as their message, so that each finds it
 * by the id it was answered with; once it exists only the ids are kept. Without a rowid: drivers read
 * the last one as a number, which eighteen digits are too many for.
 */
export const parts = `
CREATE TABLE part (
  -- The eighteen digits.
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  -- The part of its set that came first, by id.
  first INTEGER NOT NULL,
  total INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  -- The number of what the set became; null while it waits.
  message INTEGER,
  -- The part as JSON while it waits.
  body TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX part_key ON part (key, expires_at);
CREATE INDEX part_waiting ON part (expires_at, first) WHERE message IS NULL;
CREATE INDEX part_set ON part (first) WHERE message IS NULL;
CREATE INDEX part_message ON part (message) WHERE message IS NOT NULL;
`
