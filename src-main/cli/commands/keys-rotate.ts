import { command } from '../command.ts'
import { wholeNumber } from '../numbers.ts'
import { usage } from '../refusal.ts'

export const keysRotate = command({
  summary: 'Create a new secret for a key; the old one works during a grace period',
  takes: 'ID',
  options: {
    grace: {
      type: 'string',
      value: 'SECONDS',
      help: 'Grace period of the old secret. Default: 86400 (one day)',
    },
  },
  examples: [
    ['mailsage keys rotate key_4fQ9xT2b', 'a day to replace it everywhere'],
    ['mailsage keys rotate key_4fQ9xT2b --grace 0', 'the old secret has leaked: end it now'],
  ],
  async run({ values, positionals, remote, terminal }) {
    const [id] = positionals
    if (id === undefined)
      throw usage('Say which: mailsage keys rotate ID. `keys list` has the ids.')
    const graceSeconds = wholeNumber('grace', values.grace)
    const created = await remote().ask('POST /v1/api-keys/{id}/rotate', {
      params: { id },
      body: graceSeconds === undefined ? {} : { grace_seconds: graceSeconds },
    })
    if (terminal.printedJson(created)) return
    terminal.print(created.key)
    const { grace_until: until } = created
    terminal.note(
      until === null ? 'The old secret has ended.' : `The old secret works until ${until}.`,
    )
  },
})
