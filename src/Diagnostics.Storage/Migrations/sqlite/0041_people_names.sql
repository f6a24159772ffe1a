-- A person without a number is recognised by name when a file is sent again.
CREATE INDEX people_name ON people (surname, given_name);
