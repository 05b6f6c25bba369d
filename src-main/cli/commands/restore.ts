import { constants, openAsBlob } from 'node:fs'
import { access } from 'node:fs/promises'
import { command } from '../command.ts'
import { exitCodes, Refusal } from '../refusal.ts'
import { heldWords, messagesOf } from './outbox-restored.ts'

export const restore = command({
  summary: 'Check a backup and restore it at the next start',
  takes: 'FILE',
  options: {},
  examples: [
    ['mailsage restore monday.db', 'then stop MailSage and start it again'],
    ['mailsage restore monday.db --json', 'what is in it, as JSON'],
  ],
  async run({ positionals, remote, terminal }) {
    const [file] = positionals
    if (file === undefined) {
      throw new Refusal(exitCodes.usage, 'usage', 'Name the backup to restore.')
    }
    // A blob of a file that is not there fails only when it is sent.
    await access(file, constants.R_OK).catch(() => {
      throw new Refusal(exitCodes.refused, 'file', `${file} cannot be read. Check its name.`)
    })
    const content = await openAsBlob(file)
    const laid = await remote().upload('POST /v1/restore', content)
    if (terminal.printedJson(laid)) return
    const { messages, will_lose: lost, will_hold: held } = laid.restore
    terminal.print(
      [
        `The backup with ${messagesOf(messages)} is checked. It takes the database’s place when MailSage is started again; the one of now is kept beside it.`,
        lost === null
          ? 'Messages that are not in the backup are lost then.'
          : `Lost then: ${messagesOf(lost)} that the backup does not have, and all that are accepted until then.`,
        held === null || (held.messages === 0 && held.jobs === 0 && held.webhook_deliveries === 0)
          ? 'The backup has nothing in its queue.'
          : `Not sent then: ${heldWords(held)} in its queue, since they may have been sent already. They wait for “mailsage outbox release-restored” or “mailsage outbox cancel-restored”.`,
      ].join('\n'),
    )
  },
})
