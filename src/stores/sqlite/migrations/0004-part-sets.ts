/** Whose the parts are that wait, so that they can be counted; those of before count for nobody. */
export const partSets = `
ALTER TABLE part ADD COLUMN account TEXT;
CREATE INDEX part_account ON part (account) WHERE message IS NULL AND id = first;
`
