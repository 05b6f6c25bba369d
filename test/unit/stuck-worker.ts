import Sqlite from 'better-sqlite3'
import { answerRequests } from '../../src-main/base/thread-requests.ts'

/** The worker of `stuck-process.ts`: a statement without an end, which SQLite does not leave. */
answerRequests(() =>
  new Sqlite(':memory:')
    .prepare(
      'WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c',
    )
    .get(),
)
