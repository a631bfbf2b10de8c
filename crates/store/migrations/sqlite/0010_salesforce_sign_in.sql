-- With which account somebody signs in: his Gainsight login, or the Salesforce one from which he enters Gainsight.
ALTER TABLE sign_ins ADD COLUMN account TEXT NOT NULL DEFAULT 'gainsight';
