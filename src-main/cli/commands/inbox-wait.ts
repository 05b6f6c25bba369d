import type { Remote } from '../api-client.ts'
import { command } from '../command.ts'
import { showMessage } from '../message-page.ts'
import { exitCodes, Refusal, usage } from '../refusal.ts'

type Arrived = {
  readonly id: string
  readonly inbox: string
  readonly to: readonly string[]
  readonly subject: string
}

export const inboxWait = command({
  summary: 'Wait for a message and show it',
  options: {
    to: { type: 'string', value: 'ADDRESS', help: 'A recipient, or a part such as @example.com' },
    subject: { type: 'string', value: 'TEXT', help: 'Part of the subject' },
    query: { type: 'string', value: 'WORDS', help: 'Words anywhere in the message' },
    inbox: { type: 'string', short: 'i', value: 'NAME', help: 'Default: all inboxes' },
    after: {
      type: 'string',
      value: 'ID|TIME',
      help: 'Only messages newer than this. Default: newer than 10 seconds',
    },
    timeout: { type: 'string', short: 't', value: 'SECONDS', help: '0 to 240. Default: 30' },
    code: { type: 'boolean', help: 'Print only the one-time code' },
    link: { type: 'boolean', help: 'Print only the first link' },
    id: { type: 'boolean', help: 'Print only the id' },
  },
  examples: [
    ['mailsage inbox wait --to ann@example.com', 'whatever comes for Ann'],
    ['CODE=$(mailsage inbox wait --to ann@example.com --code)', 'the code that she is to type'],
    ['mailsage inbox wait --subject Receipt --timeout 60 || exit 1', 'exit code 4 when none came'],
  ],
  async run({ values, remote, terminal }) {
    const { to, subject, query, inbox, after, timeout } = values
    if (timeout !== undefined && !/^\d+(\.\d+)?$/.test(timeout)) {
      throw usage(`--timeout is a number of seconds, not “${timeout}”.`)
    }
    const server = remote()
    const message = await server
      .ask('GET /v1/inbox/wait', { query: { to, subject, query, inbox, after, timeout } })
      .catch((error: unknown) => {
        if (!(error instanceof Refusal) || terminal.json) throw error
        const lines = arrivals(error)
        for (const line of lines) terminal.note(line)
        throw lines.length > 0 ? otherMessages(error, timeout) : error
      })
    if (values.code) return terminal.print(first(message.codes, 'one-time code', message.id))
    if (values.link) {
      const urls = message.links.map(({ url }) => url)
      return terminal.print(first(urls, 'link', message.id))
    }
    if (values.id) return terminal.print(message.id)
    if (terminal.printedJson(message)) return
    showMessage(terminal, message, await textOf(server, message.id))
  },
})

async function textOf(server: Remote, id: string): Promise<string> {
  const text = await server.content('GET /v1/inbox/{id}/text', { params: { id } })
  return text.toString('utf8')
}

function first(found: readonly string[], what: string, id: string): string {
  const [one] = found
  if (one !== undefined) return one
  throw new Refusal(
    exitCodes.refused,
    'nothing_found',
    `The message ${id} came, and has no ${what}. Read it with: mailsage inbox show ${id}`,
  )
}

/** The server's sentence names a field of its JSON, which only --json prints. */
function otherMessages({ exitCode, code, details }: Refusal, timeout = '30'): Refusal {
  const sentence = `No matching message came within ${timeout} seconds. The lines above show the messages that came: compare inbox, recipient and subject.`
  return new Refusal(exitCode, code, sentence, details)
}

function arrivals({ details }: Refusal): string[] {
  const { arrived = [] } = (details ?? {}) as { readonly arrived?: readonly Arrived[] }
  return arrived.map(
    ({ id, inbox, to, subject }) => `  came: ${id}  ${inbox}  ${to.join(' ')}  ${subject}`,
  )
}
