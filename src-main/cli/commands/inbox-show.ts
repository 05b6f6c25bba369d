import type { Remote } from '../api-client.ts'
import { command } from '../command.ts'
import { showMessage } from '../message-page.ts'
import { usage } from '../refusal.ts'

export const inboxShow = command({
  summary: 'Show a captured message',
  takes: '[ID]',
  options: {
    text: { type: 'boolean', help: 'Only its text' },
    html: { type: 'boolean', help: 'Only its HTML' },
    raw: { type: 'boolean', help: 'The raw message, byte for byte' },
    headers: { type: 'boolean', help: 'Only its header fields' },
    attachment: { type: 'string', value: 'NUMBER', help: 'The bytes of one attachment, from 0' },
  },
  examples: [
    ['mailsage inbox show', 'the newest message'],
    ['mailsage inbox show msg_06bqz0f7h3 --raw > mail.eml', 'to open it elsewhere'],
    ['mailsage inbox show msg_06bqz0f7h3 --attachment 0 > invoice.pdf', 'its first attachment'],
  ],
  async run({ values, positionals, remote, terminal }) {
    const { text, html, raw, headers, attachment } = values
    const server = remote()
    const params = { id: positionals[0] ?? (await newest(server)) }
    if (attachment !== undefined) {
      if (!/^\d+$/.test(attachment)) throw usage('--attachment is the number of one, from 0.')
      const call = { params: { ...params, n: Number(attachment) } }
      return terminal.write(await server.content('GET /v1/inbox/{id}/attachments/{n}', call))
    }
    if (raw) return terminal.write(await server.content('GET /v1/inbox/{id}/raw', { params }))
    if (html) return terminal.write(await server.content('GET /v1/inbox/{id}/html', { params }))
    if (text) return terminal.write(await server.content('GET /v1/inbox/{id}/text', { params }))
    if (headers) {
      const fields = await server.ask('GET /v1/inbox/{id}/headers', { params })
      if (terminal.printedJson(fields)) return
      for (const { name, value } of fields.data) terminal.print(`${name}: ${value}`)
      return
    }
    const message = await server.ask('GET /v1/inbox/{id}', { params })
    const extract = await server.ask('GET /v1/inbox/{id}/extract', { params })
    const page = { ...message, ...extract }
    if (terminal.printedJson(page)) return
    const body = await server.content('GET /v1/inbox/{id}/text', { params })
    showMessage(terminal, page, body.toString('utf8'))
  },
})

async function newest(server: Remote): Promise<string> {
  const { data } = await server.ask('GET /v1/inbox', { query: { limit: 1 } })
  const [message] = data
  if (message) return message.id
  throw usage('There is no message yet. Send one, or name one by its id.')
}
