-- One person on many channels: which customers are one, and which are known not to be.
CREATE TABLE links (
    customer   INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE, -- the lesser row
    other      INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    is_one     INTEGER NOT NULL CHECK (is_one IN (0, 1)), -- 0: somebody said that they are not one
    same_brand INTEGER NOT NULL CHECK (same_brand IN (0, 1)), -- as the rules at hand have it
    account    TEXT,               -- who said so; null: the same number was given in a form on both
    at         INTEGER NOT NULL,
    PRIMARY KEY (customer, other),
    CHECK (customer < other)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_other ON links (other);

-- The same number for all customers who are one person, as the links in force have it; null: alone.
ALTER TABLE customers ADD COLUMN person INTEGER;
CREATE INDEX customers_by_person ON customers (person) WHERE person IS NOT NULL;
CREATE INDEX profiles_by_email ON profiles (email) WHERE email IS NOT NULL;
