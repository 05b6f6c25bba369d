import { backup } from './backup.ts'
import type { AnyCommand } from './command.ts'
import { completion } from './completion.ts'
import { inboxClear } from './inbox-clear.ts'
import { inboxList } from './inbox-list.ts'
import { inboxShow } from './inbox-show.ts'
import { inboxWait } from './inbox-wait.ts'
import { keysCreate } from './keys-create.ts'
import { keysList } from './keys-list.ts'
import { keysRevoke } from './keys-revoke.ts'
import { keysRotate } from './keys-rotate.ts'
import { outboxCancelRestored, outboxReleaseRestored } from './outbox-restored.ts'
import { relaysTest } from './relays-test.ts'
import { restore } from './restore.ts'
import { send } from './send.ts'
import { sendmail } from './sendmail.ts'
import { serveCommand } from './serve.ts'

/** Every command, in the order of the help. */
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
  completion,
}
