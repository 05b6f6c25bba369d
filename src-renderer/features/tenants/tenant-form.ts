import { NewTenant, type Tenant } from '../../../src-main/contract/tenants.ts'
import { tenantsLabels } from './labels.ts'

/** The form as typed, not validated yet. */
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

const problems: Readonly<Record<string, readonly [keyof TenantForm, string]>> = {
  name: ['name', tenantsLabels.form.name],
  domain: ['domain', tenantsLabels.form.domain],
  'settings.from_name': ['fromName', tenantsLabels.form.fromName],
  'settings.reply_to': ['replyTo', tenantsLabels.form.replyTo],
  'rate_limit.requests_per_minute': ['requestsPerMinute', tenantsLabels.form.number],
  'rate_limit.emails_per_day': ['emailsPerDay', tenantsLabels.form.number],
  'smtp.host': ['host', tenantsLabels.form.host],
  'smtp.port': ['port', tenantsLabels.form.port],
}

/** The request body, or the problems of the form. */
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
    const problem = problems[path.join('.')]
    return problem ? [problem] : []
  })
  return { problems: Object.fromEntries(found) }
}

function smtpOf({ host, port, user, pass }: TenantForm, known: Tenant | null) {
  const kept = known?.smtp
  return {
    host: host.trim(),
    port: Number(port),
    user: user.trim() || null,
    // An empty password keeps the stored one.
    ...(pass === '' && kept ? {} : { pass: pass || null }),
    ...(kept && kept.port === Number(port) ? { tls: kept.tls } : {}),
    ...(kept ? { tls_verify: kept.tls_verify } : {}),
  }
}

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text))

const textOf = (number: number | null | undefined): string => (number == null ? '' : String(number))
