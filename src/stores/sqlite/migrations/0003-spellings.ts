/**
 * How else the id of a parked report may be spelt: what is looked at once the id as it is can no
 * longer become known. Null when there is nothing more to look at.
 */
export const spellings = `
ALTER TABLE parked_report ADD COLUMN aliases TEXT;
CREATE INDEX parked_report_spelt ON parked_report (id) WHERE aliases IS NOT NULL;
`
