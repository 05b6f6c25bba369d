import { NewRelay, type Relay, type RelayTls } from '../../../src-main/contract/relays.ts'
import { relaysLabels } from './labels.ts'
import type { Preset } from './presets.ts'

export type Auth = 'none' | 'password' | 'oauth2'

/** The form as typed, not validated yet. */
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

export const steps = ['server', 'signIn', 'options'] as const
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

/** The fields that a preset fills in. */
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

/** Each field of the contract with its form field, its step and its error message. */
const fields: Readonly<Record<string, readonly [FieldName, Step, string]>> = {
  host: ['host', 'server', relaysLabels.form.host],
  port: ['port', 'server', relaysLabels.form.port],
  username: ['username', 'signIn', relaysLabels.form.userName],
  password: ['password', 'signIn', relaysLabels.form.password],
  'oauth2.client_id': ['clientId', 'signIn', relaysLabels.form.clientId],
  'oauth2.client_secret': ['clientSecret', 'signIn', relaysLabels.form.clientSecret],
  'oauth2.refresh_token': ['refreshToken', 'signIn', relaysLabels.form.refreshToken],
  'oauth2.access_url': ['accessUrl', 'signIn', relaysLabels.form.tokenUrl],
  from_email: ['from', 'signIn', relaysLabels.form.sender],
  name: ['name', 'options', relaysLabels.form.name],
  priority: ['priority', 'options', relaysLabels.form.priority],
  daily_limit: ['dailyLimit', 'options', relaysLabels.form.dailyLimit],
  'dkim.domain': ['dkimDomain', 'options', relaysLabels.form.domain],
  'dkim.selector': ['dkimSelector', 'options', relaysLabels.form.selector],
  'dkim.private_key': ['dkimKey', 'options', relaysLabels.form.privateKey],
}

/** Without `password`, the relay keeps its stored one. */
export type RelayBody = Omit<NewRelay, 'password'> & { readonly password?: string | null }

export type ReadForm =
  | { readonly body: RelayBody }
  | { readonly problems: Problems; readonly step: Step }

/** The request body, or the problems with the first step that has one. */
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
    step: steps.find((step) => found.some(([, at]) => at === step)) ?? 'server',
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
