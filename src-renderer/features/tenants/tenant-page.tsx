import { ArrowLeft, Ellipsis, KeyRound, MailX, Pencil, Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { createFollowUp } from '../../app/follow-up.ts'
import { isUse, listen } from '../../app/live.ts'
import { go, routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { formatCount, formatDate, formatDistance, formatWhen } from '../../ui/format.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page, Section } from '../../ui/page.tsx'
import { Skeleton, SkeletonRows } from '../../ui/skeleton.tsx'
import { tenantsLabels } from './labels.ts'
import { TenantChart } from './tenant-chart.tsx'
import {
  beginTask,
  loadTenantFigures,
  loadTenants,
  type TenantFigures,
  useTenants,
} from './tenants-store.ts'

const refreshMs = 3000

export function TenantPage({ tenant }: { tenant: Tenant }) {
  const keys = useTenants((state) => state.keys).filter(({ tenant_id }) => tenant_id === tenant.id)
  const { figures, reload } = useFigures(tenant.id)
  return (
    <Page
      title={tenant.name}
      width="wide"
      actions={
        <>
          <IconButton
            icon={ArrowLeft}
            label={tenantsLabels.page.all}
            shortcut="Esc"
            onClick={() => go('tenants')}
          />
          <Button icon={Pencil} onClick={() => beginTask({ type: 'edit', tenant })}>
            {tenantsLabels.page.edit}
          </Button>
          <Menu
            trigger={
              <button
                type="button"
                aria-label={tenantsLabels.page.menu(tenant.name)}
                className="inline-flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-hover data-[state=open]:bg-hover"
              >
                <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
              </button>
            }
          >
            <MenuItem icon={Trash2} danger onSelect={() => beginTask({ type: 'delete', tenant })}>
              {tenantsLabels.page.delete}
            </MenuItem>
          </Menu>
        </>
      }
    >
      <div className="space-y-8">
        <Facts tenant={tenant} />
        <Section title={tenantsLabels.page.thisMonth}>
          <Card>
            {figures.status === 'loading' && <Skeleton className="m-4 h-40" />}
            {figures.status === 'failed' && <Failure failure={figures.failure} onRetry={reload} />}
            {figures.status === 'ready' && <Figures {...figures.value} />}
          </Card>
        </Section>
        <Section
          title={tenantsLabels.keys}
          actions={
            <Button icon={Plus} onClick={() => beginTask({ type: 'key', tenant })}>
              {tenantsLabels.createKey}
            </Button>
          }
        >
          <Keys keys={keys} />
        </Section>
        <Section title={tenantsLabels.page.latestEmails}>
          <Card>
            {figures.status === 'loading' && <SkeletonRows count={3} height={36} />}
            {figures.status === 'ready' && <Emails emails={figures.value.emails} />}
          </Card>
        </Section>
      </div>
    </Page>
  )
}

function Facts({ tenant }: { tenant: Tenant }) {
  const { id, domain, settings, smtp, rate_limit, created_at } = tenant
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      tenantsLabels.page.id,
      <CopyText key="id" text={id}>
        <span className="font-mono text-sm">{id}</span>
      </CopyText>,
    ],
    [tenantsLabels.domain, domain ?? '–'],
    [tenantsLabels.page.fromName, settings.from_name ?? '–'],
    [tenantsLabels.page.replyTo, settings.reply_to ?? '–'],
    [tenantsLabels.limits, limitsText(rate_limit)],
    [
      tenantsLabels.relay,
      smtp ? tenantsLabels.page.ownRelay(`${smtp.host}:${smtp.port}`) : tenantsLabels.defaultRelay,
    ],
    [tenantsLabels.created, formatDate(created_at)],
  ]
  return (
    <Card>
      <dl aria-label={tenantsLabels.page.about} className="grid grid-cols-2 gap-x-6 px-4 py-1.5">
        {rows.map(([name, value]) => (
          <div key={name} className="grid h-7 grid-cols-[112px_minmax(0,1fr)] items-center">
            <dt className="text-ink-muted">{name}</dt>
            <dd className="figures min-w-0 truncate">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function limitsText({
  requests_per_minute: requests,
  emails_per_day: emails,
}: Tenant['rate_limit']) {
  if (requests === null && emails === null) return tenantsLabels.noLimit
  const parts = [
    requests === null ? null : tenantsLabels.page.perMinute(requests),
    emails === null ? null : tenantsLabels.page.perDay(emails),
  ]
  return parts.filter((part) => part !== null).join(', ')
}

function Figures({ usage, series }: TenantFigures) {
  const stats = [
    [tenantsLabels.page.requests, usage.api_requests],
    [tenantsLabels.page.sent, usage.emails_sent],
    [tenantsLabels.page.delivered, usage.emails_delivered],
    [tenantsLabels.page.bounced, usage.emails_bounced],
  ] as const
  return (
    <>
      <dl className="grid grid-cols-4 divide-x divide-line border-line border-b">
        {stats.map(([name, count]) => (
          <div key={name} className="min-w-0 px-4 py-3">
            <dt className="text-ink-muted text-sm">{name}</dt>
            <dd className="figures mt-0.5 truncate font-semibold text-xl">{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
      <TenantChart series={series} />
    </>
  )
}

function Keys({ keys }: { keys: readonly Key[] }) {
  if (keys.length === 0) {
    return (
      <Card>
        <Empty icon={KeyRound} title={tenantsLabels.page.noKeys}>
          {tenantsLabels.page.noKeysHint}
        </Empty>
      </Card>
    )
  }
  return (
    <Card>
      <ul aria-label={tenantsLabels.page.keysList}>
        {keys.map(({ id, name, mode, prefix, enabled, last_used_at }) => (
          <li
            key={id}
            className="flex h-9 items-center gap-3 border-line border-b px-4 last:border-b-0"
          >
            <a
              href={routeHash('keys', id)}
              className="min-w-0 max-w-60 truncate rounded-sm font-medium hover:underline"
            >
              {name}
            </a>
            <ModeBadge mode={mode} />
            {!enabled && <Badge>{tenantsLabels.page.disabled}</Badge>}
            <code className="min-w-0 flex-1 truncate text-ink-faint text-xs">{prefix}</code>
            <span className="text-ink-muted text-sm">
              {last_used_at === null
                ? tenantsLabels.page.neverUsed
                : tenantsLabels.page.lastUsed(formatDistance(last_used_at))}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Emails({ emails }: Pick<TenantFigures, 'emails'>) {
  if (emails.length === 0) {
    return (
      <Empty icon={MailX} title={tenantsLabels.page.noEmails}>
        {tenantsLabels.page.noEmailsHint}
      </Empty>
    )
  }
  return (
    <ul aria-label={tenantsLabels.page.emailsList}>
      {emails.map(({ id, subject, to, status, created_at }) => (
        <li
          key={id}
          className="flex h-9 items-center gap-3 border-line border-b px-4 last:border-b-0"
        >
          <a
            href={routeHash('outbox', id)}
            className="min-w-0 flex-1 truncate rounded-sm font-medium hover:underline"
            title={subject}
          >
            {subject || tenantsLabels.page.noSubject}
          </a>
          <span className="w-56 truncate font-mono text-ink-faint text-xs">{to.join(', ')}</span>
          <span className="w-20 text-ink-muted text-sm">{status}</span>
          <span className="figures w-16 text-right text-ink-faint text-sm">
            {formatWhen(created_at)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function useFigures(id: string) {
  const [figures, setFigures] = useState<Load<TenantFigures>>(loading)
  const [reloads, setReloads] = useState(0)
  useEffect(() => {
    let isStale = false
    // Reloads the keys too, for their last use.
    if (reloads > 0) void loadTenants()
    loadTenantFigures(id).then(
      (loaded) => !isStale && setFigures(ready(loaded)),
      (cause) =>
        !isStale && setFigures((known) => (known.status === 'ready' ? known : failed(cause))),
    )
    return () => {
      isStale = true
    }
  }, [id, reloads])
  useEffect(() => {
    const followUp = createFollowUp(() => setReloads((count) => count + 1), refreshMs)
    const unlisten = listen({
      events: (events) => {
        if (events.some(isUse)) followUp.schedule()
      },
    })
    return () => {
      unlisten()
      followUp.stop()
    }
  }, [])
  return { figures, reload: () => setReloads((count) => count + 1) }
}
