/**
 * The code that inserts captured mail writes its counts and tags: the triggers made every insert a
 * third slower. Updates and deletions keep their triggers.
 */
export const dropInsertTriggers = `
  DROP TRIGGER IF EXISTS inbox_captured;
  DROP TRIGGER IF EXISTS tags_captured;
`
