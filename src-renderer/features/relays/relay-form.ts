import { NewRelay, type Relay, type RelayTls } from '../../../src-main/contract/relays.ts'

/** What is typed, before it is known to be right. */
export type RelayForm = {
  readonly name: string
  readonly host: string
  readonly port: string
  readonly tls: RelayTls
  readonly verify: boolean
  readonly username: string
  readonly password: string
  readonly from: string
  readonly priority: string
}

export function formOf(relay: Relay | null): RelayForm {
  return {
    name: relay?.name ?? '',
    host: relay?.host ?? '',
    port: String(relay?.port ?? 587),
    tls: relay?.tls ?? 'starttls',
    verify: relay?.tls_verify ?? true,
    username: relay?.username ?? '',
    password: '',
    from: relay?.from_email ?? '',
    priority: String(relay?.priority ?? 100),
  }
}

export const usualPorts: Readonly<Record<RelayTls, string>> = {
  none: '25',
  starttls: '587',
  implicit: '465',
}

export type Problems = Partial<Record<keyof RelayForm, string>>

const sentences: Readonly<Record<string, readonly [keyof RelayForm, string]>> = {
  name: ['name', 'Give the relay a name.'],
  host: ['host', 'Enter a host name or an address.'],
  port: ['port', 'A port is a number from 1 to 65535.'],
  username: ['username', 'That user name is too long.'],
  password: ['password', 'That password is too long.'],
  from_email: ['from', 'Enter an email address, or leave it empty.'],
  priority: ['priority', 'A priority is a number from 1 to 1000.'],
}

/** The form as the relay takes it, or what is wrong with it. */
export function readForm(form: RelayForm): { relay: NewRelay } | { problems: Problems } {
  const parsed = NewRelay.safeParse({
    name: form.name.trim() || form.host.trim(),
    host: form.host.trim(),
    port: Number(form.port),
    tls: form.tls,
    tls_verify: form.verify,
    username: form.username.trim() || null,
    password: form.password || null,
    from_email: form.from.trim() || null,
    priority: Number(form.priority),
  })
  if (parsed.success) return { relay: parsed.data }
  const found = parsed.error.issues.flatMap(({ path }) => {
    const sentence = sentences[String(path[0])]
    return sentence ? [sentence] : []
  })
  return { problems: Object.fromEntries(found) }
}
