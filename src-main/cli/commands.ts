import type { AnyCommand } from './command.ts'
import { backup } from './commands/backup.ts'
import { createCompletion } from './commands/completion.ts'
import { inboxClear } from './commands/inbox-clear.ts'
import { inboxList } from './commands/inbox-list.ts'
import { inboxShow } from './commands/inbox-show.ts'
import { inboxWait } from './commands/inbox-wait.ts'
import { keysCreate } from './commands/keys-create.ts'
import { keysList } from './commands/keys-list.ts'
import { keysRevoke } from './commands/keys-revoke.ts'
import { keysRotate } from './commands/keys-rotate.ts'
import { outboxCancelRestored, outboxReleaseRestored } from './commands/outbox-restored.ts'
import { relaysTest } from './commands/relays-test.ts'
import { restore } from './commands/restore.ts'
import { send } from './commands/send.ts'
import { serveCommand } from './commands/serve.ts'
import { sendmail } from './sendmail/sendmail.ts'

/** All commands, in the order of the help. */
export const commands: Readonly<Record<string, AnyCommand>> = {
  serve: serveCommand,
  send,
  'inbox list': inboxList,
  'inbox show': inboxShow,
  'inbox wait': inboxWait,
  'inbox clear': inboxClear,
  'keys create': keysCreate,
  'keys list': keysList,
  'keys revoke': keysRevoke,
  'keys rotate': keysRotate,
  'relays test': relaysTest,
  'outbox release-restored': outboxReleaseRestored,
  'outbox cancel-restored': outboxCancelRestored,
  backup,
  restore,
  sendmail,
  completion: createCompletion(() => commands),
}
