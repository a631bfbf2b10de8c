-- Another one whenever the participants of a meeting change: a roster in memory that has it is the one that is stored. NULL says nothing.
ALTER TABLE meetings ADD COLUMN roster_stamp TEXT;
