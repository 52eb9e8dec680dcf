-- Where the migration steps lead. Written by schema.test.ts.

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  message INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  recipient_kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  lane TEXT NOT NULL,
  state TEXT NOT NULL,
  -- Null when final.
  next_at INTEGER,
  expires_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  token INTEGER NOT NULL,
  version INTEGER NOT NULL,
  leased_at INTEGER,
  remote_id TEXT,
  expects TEXT,
  submitted_at INTEGER,
  reason TEXT,
  -- Every [route, remote id] that finds it, so that they can be forgotten with it.
  links TEXT
) STRICT;

CREATE INDEX delivery_due ON delivery (lane, next_at) WHERE next_at IS NOT NULL;

CREATE INDEX delivery_expiry ON delivery (expires_at) WHERE state IN ('queued', 'deferred');

CREATE INDEX delivery_leased ON delivery (leased_at) WHERE leased_at IS NOT NULL;

CREATE TABLE directory (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE ended (
  at INTEGER NOT NULL,
  message INTEGER NOT NULL,
  PRIMARY KEY (at, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  message INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (message, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE extent (
  segment INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  message INTEGER NOT NULL,
  PRIMARY KEY (segment, end_offset, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE mark (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  -- The id of its first delivery; its deliveries have consecutive ids.
  number INTEGER PRIMARY KEY,
  -- The eighteen digits.
  id INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  accepted_at INTEGER NOT NULL,
  deliveries INTEGER NOT NULL,
  -- Digest of the idempotency scope, key and fingerprint it came with.
  request TEXT,
  -- The events it was stored with; later ones have rows of their own.
  events TEXT,
  -- The message without its inline bytes.
  body TEXT NOT NULL,
  inline BLOB
) STRICT;

CREATE INDEX message_id ON message (id, account_id);

CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL);

CREATE TABLE notice (
  -- Never given twice: a late result for a told notice must not meet a new one.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_id INTEGER NOT NULL,
  message INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  lane TEXT NOT NULL,
  parked INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  -- The same as due_at for the oldest of its delivery that is not parked; null for those behind.
  next_at INTEGER,
  attempts INTEGER NOT NULL,
  token INTEGER NOT NULL,
  leased_at INTEGER,
  body TEXT NOT NULL
) STRICT;

CREATE INDEX notice_delivery ON notice (delivery_id);

CREATE INDEX notice_due ON notice (lane, parked, next_at);

CREATE INDEX notice_leased ON notice (leased_at) WHERE leased_at IS NOT NULL;

CREATE INDEX notice_parked ON notice (account_id) WHERE parked = 1;

CREATE TABLE parked_report (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  route TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
, aliases TEXT) STRICT;

CREATE INDEX parked_report_age ON parked_report (at);

CREATE INDEX parked_report_name ON parked_report (route, remote_id);

CREATE INDEX parked_report_spelt ON parked_report (id) WHERE aliases IS NOT NULL;

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
, account TEXT) STRICT, WITHOUT ROWID;

CREATE INDEX part_account ON part (account) WHERE message IS NULL AND id = first;

CREATE INDEX part_key ON part (key, expires_at);

CREATE INDEX part_message ON part (message) WHERE message IS NOT NULL;

CREATE INDEX part_set ON part (first) WHERE message IS NULL;

CREATE INDEX part_waiting ON part (expires_at, first) WHERE message IS NULL;

CREATE TABLE remote (
  route TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  delivery_id INTEGER NOT NULL,
  PRIMARY KEY (route, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE request (
  digest TEXT PRIMARY KEY,
  message INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE request_fresh (
  message INTEGER PRIMARY KEY,
  digest TEXT NOT NULL
) STRICT;

CREATE TABLE segment (
  segment INTEGER PRIMARY KEY,
  live_bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE state (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
