-- What is written for a session is found by its session first: the key that a database on several servers is divided by
-- (README, "Больше одного сервера базы").
ALTER TABLE session_rejected_responses DROP CONSTRAINT session_rejected_responses_pkey, ADD PRIMARY KEY (session_id, id);
ALTER TABLE session_events DROP CONSTRAINT session_events_pkey, ADD PRIMARY KEY (session_id, id);
