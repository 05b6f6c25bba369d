import { NewRelay, type Relay, type RelayTls } from '../../../src-main/contract/relays.ts'
import type { Preset } from './presets.ts'

export type Auth = 'none' | 'password' | 'oauth2'

/** What is typed, before it is known to be right. */
export type RelayForm = {
  readonly name: string
  readonly host: string
  readonly port: string
  readonly tls: RelayTls
  readonly verify: boolean
  readonly auth: Auth
  readonly username: string
  readonly password: string
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
  readonly accessUrl: string
  readonly from: string
  readonly priority: string
  readonly dailyLimit: string
  readonly isDefault: boolean
  readonly signs: boolean
  readonly dkimDomain: string
  readonly dkimSelector: string
  readonly dkimKey: string
}

export type FieldName = keyof RelayForm
export type TextName = { [K in FieldName]: RelayForm[K] extends string ? K : never }[FieldName]
export type Problems = Partial<Record<FieldName, string>>

export const steps = ['where', 'how', 'use'] as const
export type Step = (typeof steps)[number]

export const usualPorts: Readonly<Record<RelayTls, string>> = {
  none: '25',
  starttls: '587',
  implicit: '465',
}

export function formOf(relay: Relay | null): RelayForm {
  return {
    name: relay?.name ?? '',
    host: relay?.host ?? '',
    port: String(relay?.port ?? 587),
    tls: relay?.tls ?? 'starttls',
    verify: relay?.tls_verify ?? true,
    auth: authOf(relay),
    username: relay?.username ?? '',
    password: '',
    clientId: relay?.oauth2?.client_id ?? '',
    clientSecret: '',
    refreshToken: '',
    accessUrl: relay?.oauth2?.access_url ?? '',
    from: relay?.from_email ?? '',
    priority: String(relay?.priority ?? 100),
    dailyLimit: relay?.daily_limit == null ? '' : String(relay.daily_limit),
    isDefault: relay?.is_default ?? false,
    signs: relay?.dkim != null,
    dkimDomain: relay?.dkim?.domain ?? '',
    dkimSelector: relay?.dkim?.selector ?? 'mailsage',
    dkimKey: '',
  }
}

function authOf(relay: Relay | null): Auth {
  if (relay?.oauth2) return 'oauth2'
  return relay && relay.username === null ? 'none' : 'password'
}

/** What choosing a provider fills in. */
export function fromPreset({ host, port, tls, auth, username, accessUrl, id, name }: Preset) {
  return {
    host,
    port: String(port),
    tls,
    auth,
    verify: true,
    username: username ?? '',
    accessUrl: accessUrl ?? '',
    name: id === 'own' ? '' : name,
  } satisfies Partial<RelayForm>
}

/** The fields of the contract by ours: the step they are asked for in, and what to say. */
const fields: Readonly<Record<string, readonly [FieldName, Step, string]>> = {
  host: ['host', 'where', 'Enter a host name or an address.'],
  port: ['port', 'where', 'A port is a number from 1 to 65535.'],
  username: ['username', 'how', 'Enter the user name.'],
  password: ['password', 'how', 'Enter the password.'],
  'oauth2.client_id': ['clientId', 'how', 'Enter the client id.'],
  'oauth2.client_secret': ['clientSecret', 'how', 'Enter the client secret.'],
  'oauth2.refresh_token': ['refreshToken', 'how', 'Enter the refresh token.'],
  'oauth2.access_url': ['accessUrl', 'how', 'Enter an address that begins with https://.'],
  from_email: ['from', 'how', 'Enter an email address, or leave it empty.'],
  name: ['name', 'use', 'Give the relay a name.'],
  priority: ['priority', 'use', 'A priority is a number from 1 to 1000.'],
  daily_limit: ['dailyLimit', 'use', 'Enter a number of recipients, or leave it empty.'],
  'dkim.domain': ['dkimDomain', 'use', 'Enter a domain such as example.com.'],
  'dkim.selector': ['dkimSelector', 'use', 'Enter a selector such as mailsage.'],
  'dkim.private_key': ['dkimKey', 'use', 'Paste the private key, or make a pair.'],
}

/** Only what was typed: secrets left empty stay as the relay has them. */
export type RelayBody = Omit<NewRelay, 'password'> & { readonly password?: string | null }

export type ReadForm =
  | { readonly body: RelayBody }
  | { readonly problems: Problems; readonly step: Step }

/** The form as the relay takes it, or what is wrong with it and where. */
export function readForm(form: RelayForm, known: Relay | null): ReadForm {
  const keeps = keptSecrets(form, known)
  const parsed = NewRelay.safeParse({
    name: form.name.trim() || form.host.trim(),
    host: form.host.trim(),
    port: Number(form.port),
    tls: form.tls,
    tls_verify: form.verify,
    username: form.auth === 'none' ? null : form.username.trim(),
    password: form.auth === 'password' && !keeps.password ? form.password : null,
    from_email: form.from.trim() || null,
    priority: Number(form.priority),
    is_default: form.isDefault,
    daily_limit: form.dailyLimit.trim() === '' ? null : Number(form.dailyLimit),
    oauth2: oauth2Of(form, keeps.oauth2),
    dkim: dkimOf(form, keeps.dkim),
  })
  const missing = missingOf(form, keeps)
  const wrong = parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
  const found = [...missing, ...wrong].flatMap((path) => {
    const field = fields[path]
    return field ? [field] : []
  })
  if (parsed.success && found.length === 0) {
    const { password, ...rest } = parsed.data
    return { body: keeps.password ? rest : { ...rest, password } }
  }
  return {
    problems: Object.fromEntries(found.map(([name, , sentence]) => [name, sentence])),
    step: steps.find((step) => found.some(([, at]) => at === step)) ?? 'where',
  }
}

type Kept = { readonly password: boolean; readonly oauth2: boolean; readonly dkim: boolean }

function keptSecrets(form: RelayForm, known: Relay | null): Kept {
  return {
    password: form.auth === 'password' && known?.has_password === true && form.password === '',
    oauth2:
      known?.oauth2?.client_id === form.clientId.trim() &&
      known.oauth2.access_url === form.accessUrl.trim() &&
      form.clientSecret === '' &&
      form.refreshToken === '',
    dkim:
      known?.dkim?.domain === form.dkimDomain.trim() &&
      known.dkim.selector === form.dkimSelector.trim() &&
      form.dkimKey === '',
  }
}

function missingOf(form: RelayForm, keeps: Kept): string[] {
  return [
    ...(form.auth !== 'none' && form.username.trim() === '' ? ['username'] : []),
    ...(form.auth === 'password' && !keeps.password && form.password === '' ? ['password'] : []),
    ...(form.signs && !keeps.dkim && form.dkimKey.trim() === '' ? ['dkim.private_key'] : []),
  ]
}

function oauth2Of(form: RelayForm, isKept: boolean) {
  if (form.auth !== 'oauth2') return null
  if (isKept) return undefined
  return {
    client_id: form.clientId.trim(),
    client_secret: form.clientSecret.trim(),
    refresh_token: form.refreshToken.trim(),
    access_url: form.accessUrl.trim(),
  }
}

function dkimOf(form: RelayForm, isKept: boolean) {
  if (!form.signs) return null
  if (isKept) return undefined
  return {
    domain: form.dkimDomain.trim(),
    selector: form.dkimSelector.trim(),
    private_key: form.dkimKey.trim(),
  }
}
