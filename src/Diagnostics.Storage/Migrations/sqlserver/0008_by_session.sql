-- What is written for a session is found by its session first: the key that a database on several servers is divided by
-- (README, "Больше одного сервера базы"). Here it is the order of the table too: a session's events lie side by side.
ALTER TABLE session_rejected_responses DROP CONSTRAINT session_rejected_responses_pkey;
ALTER TABLE session_rejected_responses ADD CONSTRAINT session_rejected_responses_pkey PRIMARY KEY (session_id, id);
ALTER TABLE session_events DROP CONSTRAINT session_events_pkey;
ALTER TABLE session_events ADD CONSTRAINT session_events_pkey PRIMARY KEY (session_id, id);
