import { command } from '../command.ts'
import { exitCodes, Refusal } from '../refusal.ts'

export const relaysTest = command({
  summary: 'Connect to a relay and sign in; optionally send a test message',
  takes: '[ID]',
  options: {
    to: { type: 'string', value: 'ADDRESS', help: 'Also send a test message to this address' },
  },
  examples: [
    ['mailsage relays test', 'the first relay: does it answer, does it take the password?'],
    ['mailsage relays test relay_2 --to ann@example.com', 'with a real message'],
  ],
  async run({ values, positionals, remote, terminal }) {
    const server = remote()
    const id = positionals[0] ?? (await server.ask('GET /v1/relays')).data[0]?.id
    if (id === undefined) {
      throw new Refusal(
        exitCodes.refused,
        'relay_not_configured',
        'There is no relay yet. Add one on the screen Relays, or start with SMTP_HOST.',
      )
    }
    const body = values.to === undefined ? {} : { recipient: values.to }
    const tested = await server.ask('POST /v1/relays/{id}/test', { params: { id }, body })
    if (terminal.printedJson(tested)) return
    terminal.print(`${tested.message} (${id}, ${Math.round(tested.duration_ms)} ms)`)
  },
})
