-- What submitters find their tasks by: a stored list of labels.
ALTER TABLE task ADD COLUMN labels BLOB NOT NULL DEFAULT x'';
