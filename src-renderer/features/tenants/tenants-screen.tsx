import { Building2, Plus } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { useCommands } from '../../app/commands.ts'
import { go, useRoute } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { DeleteTenantDialog } from './delete-tenant-dialog.tsx'
import { tenantsLabels } from './labels.ts'
import { TenantDialog } from './tenant-dialog.tsx'
import { TenantKeyDialog, TenantKeyReveal } from './tenant-key-dialog.tsx'
import { TenantList } from './tenant-list.tsx'
import { TenantPage } from './tenant-page.tsx'
import { beginTask, loadTenants, useTenants, useTenantTask } from './tenants-store.ts'

const create = () => beginTask({ type: 'create' })
const noTenants: readonly Tenant[] = []

export function TenantsScreen() {
  const load = useTenants((state) => state.tenants)
  const id = useRoute((route) => route.id)
  const tenants = load.status === 'ready' ? load.value : noTenants
  const open = tenants.find((tenant) => tenant.id === id)
  useEffect(() => {
    void loadTenants()
  }, [])
  useHotkeys({
    c: create,
    j: () => step(1),
    k: () => step(-1),
    escape: () => go('tenants'),
  })
  useTenantCommands(tenants)
  return (
    <>
      {open ? (
        <TenantPage key={open.id} tenant={open} />
      ) : (
        <Page
          title={tenantsLabels.screen.title}
          width="wide"
          actions={
            <Tooltip label={tenantsLabels.createTenant} shortcut="c">
              <Button look="primary" icon={Plus} onClick={create}>
                {tenantsLabels.createTenant}
              </Button>
            </Tooltip>
          }
        >
          {load.status === 'loading' && (
            <Card>
              <SkeletonRows count={4} height={48} />
            </Card>
          )}
          {load.status === 'failed' && <Failure failure={load.failure} onRetry={loadTenants} />}
          {load.status === 'ready' && tenants.length > 0 && <TenantList tenants={tenants} />}
          {load.status === 'ready' && tenants.length === 0 && <NoTenants />}
        </Page>
      )}
      <Task />
    </>
  )
}

function NoTenants() {
  return (
    <Card>
      <Empty icon={Building2} title={tenantsLabels.screen.empty}>
        <p>{tenantsLabels.screen.emptyHint}</p>
        <p className="mt-2">{tenantsLabels.screen.emptyHint2}</p>
        <Button look="primary" icon={Plus} onClick={create} className="mt-4">
          {tenantsLabels.screen.createFirst}
        </Button>
      </Empty>
    </Card>
  )
}

function Task() {
  const task = useTenantTask()
  const { keys } = useTenants()
  switch (task?.type) {
    case 'create':
      return <TenantDialog tenant={null} />
    case 'edit':
      return <TenantDialog tenant={task.tenant} />
    case 'delete':
      return <DeleteTenantDialog tenant={task.tenant} keys={keys} />
    case 'key':
      return <TenantKeyDialog tenant={task.tenant} />
    case 'reveal':
      return <TenantKeyReveal created={task.created} />
    case undefined:
      return null
  }
}

function step(by: number): void {
  const names = [...document.querySelectorAll<HTMLElement>('[data-tenant]')]
  const at = names.findIndex((name) => name.matches(':focus'))
  names[Math.min(names.length - 1, Math.max(0, at + by))]?.focus()
}

function useTenantCommands(tenants: readonly Tenant[]): void {
  const commands = useMemo(
    () => [
      {
        id: 'tenants.create',
        label: tenantsLabels.createTenant,
        group: tenantsLabels.screen.title,
        icon: Plus,
        shortcut: 'c',
        run: create,
      },
      ...tenants.map((tenant) => ({
        id: `tenants.open.${tenant.id}`,
        label: tenantsLabels.screen.openCommand(tenant.name),
        group: tenantsLabels.screen.title,
        icon: Building2,
        keywords: `${tenant.id} ${tenant.domain ?? ''}`,
        run: () => go('tenants', tenant.id),
      })),
    ],
    [tenants],
  )
  useCommands(commands)
}
