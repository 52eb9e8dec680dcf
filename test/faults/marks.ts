/** What names a message in the bytes of a conversation: a client's mark, or a recipient. */
export const MARKS = /(?:tx|mo)-[0-9]+-[0-9]+|\b155[56][0-9]{7}\b/g
