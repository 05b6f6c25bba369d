/**
 * The counts and tags of captured mail are written by the code that inserts it: a trigger on the
 * table made every insert a third dearer. What changes or deletes messages still has its triggers.
 */
export const countedByTheWriter = `
  DROP TRIGGER IF EXISTS inbox_captured;
  DROP TRIGGER IF EXISTS tags_captured;
`
