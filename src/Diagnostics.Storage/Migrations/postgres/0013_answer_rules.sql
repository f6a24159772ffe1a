-- Short answers may be read by a second rule. A decision holds for the answers of its own rule only: under another the same
-- text may stand for others («101₂» is «1012» under the first). Everything decided so far was decided under the first.
ALTER TABLE marking_key_decisions ADD COLUMN "rule" text COLLATE "C" NOT NULL DEFAULT 'short_answer/ru-1';
-- Answers were called alike that differ in their signs («x < 3», «x > 3»). Those that wait are read one by one.
UPDATE marking_tasks SET likeness = '' WHERE state = 'waiting';
