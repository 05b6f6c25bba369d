import { basename } from 'node:path'
import type { Remote } from '../api-client.ts'
import { command, type Values } from '../command.ts'
import { readFile, readStandardInput } from '../files.ts'
import { localUser } from '../local-host.ts'
import { exitCodes, Refusal, usage } from '../refusal.ts'
import { sendWithoutKey } from '../send-without-key.ts'
import { findSmtp } from '../server-address.ts'
import { isAdminKey } from '../unasked-live.ts'

const options = {
  from: {
    type: 'string',
    short: 'f',
    value: 'ADDRESS',
    help: 'Default: your user name at the host name of this machine',
  },
  to: { type: 'string', multiple: true, value: 'ADDRESS', help: 'Recipient; may be repeated' },
  cc: { type: 'string', multiple: true, value: 'ADDRESS', help: 'Copy; may be repeated' },
  bcc: { type: 'string', multiple: true, value: 'ADDRESS', help: 'Blind copy; may be repeated' },
  'reply-to': { type: 'string', value: 'ADDRESS', help: 'Address for replies' },
  subject: { type: 'string', short: 's', value: 'TEXT', help: 'Subject line' },
  text: { type: 'string', value: 'TEXT', help: 'Text body. Default: stdin' },
  html: { type: 'string', value: 'HTML', help: 'HTML body' },
  'html-file': { type: 'string', value: 'FILE', help: 'HTML body from a file' },
  attach: { type: 'string', short: 'a', multiple: true, value: 'FILE', help: 'May be repeated' },
  template: { type: 'string', value: 'ID', help: 'A template, by id or name' },
  data: { type: 'string', value: 'JSON', help: 'Template data as a JSON object' },
  tag: { type: 'string', multiple: true, value: 'TAG', help: 'May be repeated' },
  live: { type: 'boolean', help: 'Send for real, with a live key or the key of your server' },
} as const

export const send = command({
  summary: 'Send a message; without a key of your own it is captured and never sent',
  takes: '[ADDRESS…]',
  options,
  examples: [
    ['mailsage send ann@example.com -s Hello --text "It works."', 'into the inbox'],
    ['mailsage send ann@example.com -s Report -a report.pdf < body.txt', 'with an attachment'],
    ['mailsage send --template welcome --data \'{"name":"Ann"}\' ann@example.com', 'a template'],
    ['mailsage send ann@example.com -s Hello --text Hi --live', 'through a real relay'],
  ],
  async run({ values, positionals, remote, terminal, env }) {
    const to = [...(values.to ?? []), ...positionals]
    if (to.length === 0) throw usage('Name a recipient: mailsage send ann@example.com …')
    const from = values.from ?? localUser(env)
    const { text, html } = await content(values)
    const server = remote()
    const reason = await captureReason(server, values.live === true)
    if (reason !== null && values.template === undefined && !values.tag) {
      const address = await findSmtp({ url: server.url }, env)
      const sent = await sendWithoutKey(address, { ...values, from, to, text, html })
      if (terminal.printedJson(sent)) return
      terminal.print(sent.id)
      return terminal.note(`Captured${reason}. Show it: mailsage inbox show`)
    }
    if (reason !== null) {
      throw new Refusal(
        exitCodes.refused,
        'missing_api_key',
        'Templates and tags need a test key or a live key of your own. Create one with “mailsage keys create” and pass it with --key, or send for real with --live.',
      )
    }
    const { cc, bcc, subject, attach, template, data, tag } = values
    const sent = await remote().ask('POST /v1/send', {
      body: {
        from,
        to,
        ...(cc ? { cc } : {}),
        ...(bcc ? { bcc } : {}),
        ...(values['reply-to'] ? { reply_to: values['reply-to'] } : {}),
        ...(subject === undefined ? {} : { subject }),
        ...(text === undefined ? {} : { text }),
        ...(html === undefined ? {} : { html }),
        ...(attach ? { attachments: attach.map(attachment) } : {}),
        ...(template ? { template_id: template } : {}),
        ...(data ? { template_data: jsonObject(data) } : {}),
        ...(tag ? { tags: tag } : {}),
      },
    })
    if (!terminal.printedJson(sent)) terminal.print(sent.id)
  },
})

/** The reason for a capture without the key, to follow “Captured”; null: the key sends the message. */
async function captureReason(server: Remote, isLive: boolean): Promise<string | null> {
  const { keySource: source } = server
  if (source.type === 'server') return isLive ? null : ''
  if (source.type === 'option' && !isLive) return null
  const session = await server.ask('GET /v1/session')
  if (isLive && session.mode === 'test') {
    throw new Refusal(
      exitCodes.refused,
      'test_key',
      `--live sends for real, but the key “${session.name}” is a test key, which never sends. Use a live key, or omit --live.`,
    )
  }
  if (isLive || source.type !== 'environment' || !isAdminKey(session)) return null
  return `, because ${source.variable} is a live key with the permission “*”; --live sends for real`
}

async function content(values: Values<typeof options>) {
  const file = values['html-file']
  const html = file === undefined ? values.html : readFile(file).toString('utf8')
  const hasContent = values.text !== undefined || html !== undefined || values.template
  if (hasContent) return { text: values.text, html }
  if (process.stdin.isTTY)
    throw usage('The message has no content. Use --text, --html, --template, or text on stdin.')
  return { text: (await readStandardInput()).toString('utf8'), html }
}

function attachment(file: string) {
  return { filename: basename(file), content: readFile(file).toString('base64') }
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch {
    // The error below covers this.
  }
  throw usage('--data takes a JSON object such as \'{"name":"Ann"}\'.')
}
