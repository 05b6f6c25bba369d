import { command } from '../command.ts'
import { wholeNumber } from '../numbers.ts'
import { usage } from '../refusal.ts'

const modes = ['test', 'live'] as const

/** A test suite sends and reads its messages; an app with a live key only sends. */
const defaultPermissions = { test: ['send', 'inbox:read'], live: ['send'] } as const

export const keysCreate = command({
  summary: 'Create an API key, which is shown once',
  options: {
    name: { type: 'string', short: 'n', value: 'NAME', help: 'Name of the key (required)' },
    mode: {
      type: 'string',
      value: 'MODE',
      default: 'test',
      help: 'test: captures and never sends; live: relays. Default: test',
    },
    permission: {
      type: 'string',
      short: 'p',
      multiple: true,
      value: 'NAME',
      help: 'May be repeated. Default: send; for a test key also inbox:read',
    },
    inbox: { type: 'string', value: 'NAME', help: 'Inbox of the mail that a test key sends' },
    tenant: { type: 'string', value: 'ID', help: 'Tenant that the key belongs to' },
    'expires-in-days': { type: 'string', value: 'DAYS', help: 'Default: never' },
    'requests-per-minute': { type: 'string', value: 'COUNT', help: 'Default: the plan’s' },
    'emails-per-day': { type: 'string', value: 'COUNT', help: 'Default: no limit' },
    'allowed-sender': {
      type: 'string',
      multiple: true,
      value: 'ADDRESS',
      help: 'Allowed sender address or domain; may be repeated',
    },
    'allowed-ip': {
      type: 'string',
      multiple: true,
      value: 'ADDRESS',
      help: 'Client address or CIDR range; may be repeated',
    },
  },
  examples: [
    ['mailsage keys create --name "Checkout tests" --inbox checkout', 'a key for a test suite'],
    ['KEY=$(mailsage keys create -n ci -p send -p inbox:read)', 'only the key is on stdout'],
    ['mailsage keys create -n web --mode live --emails-per-day 500', 'a key that really sends'],
  ],
  async run({ values, positionals, remote, terminal }) {
    const [unnamed] = positionals
    const name = values.name ?? unnamed
    if (name === undefined) throw usage('A key needs a name: --name "Checkout tests".')
    const mode = modes.find((known) => known === values.mode)
    if (!mode) throw usage(`--mode is test or live, not “${values.mode}”.`)
    const perMinute = wholeNumber('requests-per-minute', values['requests-per-minute'])
    const perDay = wholeNumber('emails-per-day', values['emails-per-day'])
    const body = {
      name,
      mode,
      // The server checks permissions; its refusal lists the valid ones.
      permissions: (values.permission ?? defaultPermissions[mode]) as never,
      ...(values.inbox ? { inbox: values.inbox } : {}),
      ...(values.tenant ? { tenant_id: values.tenant } : {}),
      ...(values['expires-in-days']
        ? { expires_in_days: wholeNumber('expires-in-days', values['expires-in-days']) }
        : {}),
      ...(values['allowed-sender'] ? { allowed_senders: values['allowed-sender'] } : {}),
      ...(values['allowed-ip'] ? { allowed_ips: values['allowed-ip'] } : {}),
      rate_limit: { requests_per_minute: perMinute ?? null, emails_per_day: perDay ?? null },
    }
    const created = await remote().ask('POST /v1/api-keys', { body })
    if (terminal.printedJson(created)) return
    terminal.print(created.key)
    terminal.note(`Created the ${created.mode} key ${created.id}, “${created.name}”.`)
    terminal.note('The key is shown only once. Save it now.')
  },
})
