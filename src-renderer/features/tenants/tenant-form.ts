import { NewTenant, type Tenant } from '../../../src-main/contract/tenants.ts'

/** What is typed, before it is known to be right. */
export type TenantForm = {
  readonly name: string
  readonly domain: string
  readonly fromName: string
  readonly replyTo: string
  readonly requestsPerMinute: string
  readonly emailsPerDay: string
  readonly hasRelay: boolean
  readonly host: string
  readonly port: string
  readonly user: string
  readonly pass: string
}

export type TenantProblems = Partial<Record<keyof TenantForm, string>>

export function tenantFormOf(tenant: Tenant | null): TenantForm {
  const smtp = tenant?.smtp
  return {
    name: tenant?.name ?? '',
    domain: tenant?.domain ?? '',
    fromName: tenant?.settings.from_name ?? '',
    replyTo: tenant?.settings.reply_to ?? '',
    requestsPerMinute: textOf(tenant?.rate_limit.requests_per_minute),
    emailsPerDay: textOf(tenant?.rate_limit.emails_per_day),
    hasRelay: smtp != null,
    host: smtp?.host ?? '',
    port: String(smtp?.port ?? 587),
    user: smtp?.user ?? '',
    pass: '',
  }
}

const sentences: Readonly<Record<string, readonly [keyof TenantForm, string]>> = {
  name: ['name', 'Give the tenant a name.'],
  domain: ['domain', 'Enter a domain such as example.com, or leave it empty.'],
  'settings.from_name': ['fromName', 'That name is too long.'],
  'settings.reply_to': ['replyTo', 'Enter an email address, or leave it empty.'],
  'rate_limit.requests_per_minute': ['requestsPerMinute', 'Enter a number, or leave it empty.'],
  'rate_limit.emails_per_day': ['emailsPerDay', 'Enter a number, or leave it empty.'],
  'smtp.host': ['host', 'Enter a host name or an address.'],
  'smtp.port': ['port', 'A port is a number from 1 to 65535.'],
}

/** The form as the relay takes it, or what is wrong with it. */
export function readTenantForm(
  form: TenantForm,
  known: Tenant | null,
): { tenant: NewTenant } | { problems: TenantProblems } {
  const parsed = NewTenant.safeParse({
    name: form.name.trim(),
    domain: form.domain.trim() || null,
    settings: {
      from_name: form.fromName.trim() || null,
      reply_to: form.replyTo.trim() || null,
    },
    rate_limit: {
      requests_per_minute: numberOf(form.requestsPerMinute),
      emails_per_day: numberOf(form.emailsPerDay),
    },
    smtp: form.hasRelay ? smtpOf(form, known) : null,
  })
  if (parsed.success) return { tenant: parsed.data }
  const found = parsed.error.issues.flatMap(({ path }) => {
    const sentence = sentences[path.join('.')]
    return sentence ? [sentence] : []
  })
  return { problems: Object.fromEntries(found) }
}

function smtpOf({ host, port, user, pass }: TenantForm, known: Tenant | null) {
  const kept = known?.smtp
  return {
    host: host.trim(),
    port: Number(port),
    user: user.trim() || null,
    // A password that is left empty stays.
    ...(pass === '' && kept ? {} : { pass: pass || null }),
    ...(kept && kept.port === Number(port) ? { tls: kept.tls } : {}),
    ...(kept ? { tls_verify: kept.tls_verify } : {}),
  }
}

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text))

const textOf = (number: number | null | undefined): string => (number == null ? '' : String(number))
