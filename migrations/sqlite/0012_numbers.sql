-- On which number a customer may be rung, where they are, and who must not be rung.

-- The number to ring, in E.164, and where the customer may be (JSON); chosen from `numbers`.
ALTER TABLE customers ADD COLUMN number TEXT;
ALTER TABLE customers ADD COLUMN whereabouts TEXT;
CREATE INDEX customers_by_number ON customers (number) WHERE number IS NOT NULL;
