import { command } from '../command.ts'
import { wholeNumber } from '../numbers.ts'
import { ago } from '../terminal.ts'

export const inboxList = command({
  summary: 'List or search captured messages, newest first',
  takes: '[WORDS…]',
  options: {
    inbox: { type: 'string', short: 'i', value: 'NAME', help: 'Default: all inboxes' },
    unread: { type: 'boolean', short: 'u', help: 'Only unread messages' },
    limit: { type: 'string', value: 'COUNT', help: '1 to 100. Default: 20' },
    before: { type: 'string', value: 'ID', help: 'Only messages older than this one' },
    after: { type: 'string', value: 'ID', help: 'Only messages newer than this one' },
  },
  examples: [
    ['mailsage inbox list', 'the newest twenty'],
    ['mailsage inbox list --inbox checkout receipt', 'those with the word “receipt”'],
    ["mailsage inbox list --json | jq -r '.data[0].id'", 'the id of the newest'],
  ],
  async run({ values, positionals, remote, terminal }) {
    const { inbox, unread, before, after } = values
    const list = await remote().ask('GET /v1/inbox', {
      query: {
        inbox,
        before,
        after,
        limit: wholeNumber('limit', values.limit),
        query: positionals.length > 0 ? positionals.join(' ') : undefined,
        unread: unread ? 'true' : undefined,
      },
    })
    if (terminal.printedJson(list)) return
    if (list.data.length === 0) terminal.note('No message.')
    terminal.table(
      ['ID', 'RECEIVED', 'INBOX', 'FROM', 'TO', 'SUBJECT'],
      list.data.map((message) => [
        message.id,
        ago(message.received_at),
        message.inbox,
        message.from.address,
        message.to.map(({ address }) => address).join(' '),
        message.subject,
      ]),
    )
    const last = list.data.at(-1)
    if (list.has_more && last) terminal.note(`There are more: --before ${last.id}`)
  },
})
