import { Plus, ShieldCheck, Webhook as WebhookIcon } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { type Command, useCommands } from '../../app/commands.ts'
import { Button } from '../../ui/button.tsx'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { webhooksLabels } from './labels.ts'
import { WebhookRow } from './webhook-row.tsx'
import { beginTask, loadWebhooks, useWebhooks } from './webhooks-store.ts'

const add = () => beginTask({ type: 'create' })
const verify = () => beginTask({ type: 'verify', body: '', secret: '' })

export function WebhookList() {
  const webhooks = useWebhooks((state) => state.webhooks)
  useHotkeys({
    c: add,
    j: () => moveFocus(1),
    arrowdown: () => moveFocus(1),
    k: () => moveFocus(-1),
    arrowup: () => moveFocus(-1),
  })
  useListCommands()
  useFreshFigures()
  return (
    <Page
      title={webhooksLabels.list.title}
      width="wide"
      actions={
        <>
          <Button icon={ShieldCheck} onClick={verify}>
            {webhooksLabels.verifyTitle}
          </Button>
          <Tooltip label={webhooksLabels.add} shortcut="c">
            <Button look="primary" icon={Plus} onClick={add}>
              {webhooksLabels.add}
            </Button>
          </Tooltip>
        </>
      }
    >
      <p className="mb-4 text-ink-muted">{webhooksLabels.list.intro}</p>
      {webhooks.status === 'failed' && (
        <Failure failure={webhooks.failure} onRetry={loadWebhooks} />
      )}
      {webhooks.status !== 'failed' && (
        <Card>
          {webhooks.status === 'ready' ? <Rows /> : <SkeletonRows count={3} height={48} />}
        </Card>
      )}
    </Page>
  )
}

function Rows() {
  const { webhooks, figures } = useWebhooks()
  if (webhooks.status !== 'ready') return null
  if (webhooks.value.length === 0) {
    return (
      <Empty icon={WebhookIcon} title={webhooksLabels.list.empty}>
        <p>{webhooksLabels.list.emptyHint}</p>
        <Button look="primary" icon={Plus} onClick={add} className="mt-4">
          {webhooksLabels.list.addFirst}
        </Button>
      </Empty>
    )
  }
  return (
    <table className="w-full table-fixed text-left">
      <thead>
        <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
          <th className="pr-3 pl-4">{webhooksLabels.list.url}</th>
          <th className="w-44 px-3">{webhooksLabels.list.state}</th>
          <th className="w-28 px-3">{webhooksLabels.list.lastDelivery}</th>
          <th className="w-28 px-3 text-right">{webhooksLabels.list.successRate}</th>
          <th className="w-14 px-3">
            <span className="sr-only">{webhooksLabels.list.enabled}</span>
          </th>
          <th className="w-11">
            <span className="sr-only">{webhooksLabels.list.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {webhooks.value.map((webhook) => (
          <WebhookRow
            key={webhook.id}
            webhook={webhook}
            figures={figures.get(webhook.id) ?? null}
          />
        ))}
      </tbody>
    </table>
  )
}

/** An attempt emits no event, so the figures are reloaded while deliveries are pending. */
function useFreshFigures(): void {
  useEffect(() => {
    void loadWebhooks()
    const soon = setTimeout(loadWebhooks, 1200)
    const timer = setInterval(() => {
      const figures = [...useWebhooks.getState().figures.values()]
      if (figures.some(({ pending }) => pending > 0)) void loadWebhooks()
    }, 15_000)
    return () => {
      clearTimeout(soon)
      clearInterval(timer)
    }
  }, [])
}

function moveFocus(by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-webhook]')]
  const { activeElement } = document
  const at = activeElement instanceof HTMLElement ? links.indexOf(activeElement) : -1
  links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))]?.focus()
}

function useListCommands(): void {
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'webhook-add',
        label: webhooksLabels.add,
        group: webhooksLabels.list.title,
        icon: Plus,
        shortcut: 'c',
        run: add,
      },
      {
        id: 'webhook-verify',
        label: webhooksLabels.list.verifyCommand,
        group: webhooksLabels.list.title,
        icon: ShieldCheck,
        keywords: webhooksLabels.list.verifyKeywords,
        run: verify,
      },
    ],
    [],
  )
  useCommands(commands)
}
