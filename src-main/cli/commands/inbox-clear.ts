import { command } from '../command.ts'
import { usage } from '../refusal.ts'

export const inboxClear = command({
  summary: 'Delete the captured messages of an inbox, or of all',
  options: {
    inbox: { type: 'string', short: 'i', value: 'NAME', help: 'Only this inbox' },
    all: { type: 'boolean', help: 'Every inbox' },
  },
  examples: [
    ['mailsage inbox clear --inbox checkout', 'before a test run'],
    ['mailsage inbox clear --all', 'everything'],
  ],
  async run({ values, remote, terminal }) {
    const { inbox, all } = values
    if ((inbox === undefined) === (all !== true)) {
      throw usage('Choose an inbox with --inbox NAME, or --all.')
    }
    const cleared = await remote().ask('DELETE /v1/inbox', { query: { inbox } })
    if (terminal.printedJson(cleared)) return
    terminal.note(
      cleared.changed === 1 ? 'Deleted 1 message.' : `Deleted ${cleared.changed} messages.`,
    )
  },
})
