-- Version 2 -> 3: attempts tell what the model computed.

ALTER TABLE attempts ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';
