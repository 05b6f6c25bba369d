import { Plus, ShieldCheck, Webhook as WebhookIcon } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { type Command, useCommands } from '../../app/commands.ts'
import { Button } from '../../ui/button.tsx'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
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
      title="Webhooks"
      width="wide"
      actions={
        <>
          <Button icon={ShieldCheck} onClick={verify}>
            Verify a signature
          </Button>
          <Tooltip label="Add webhook" shortcut="c">
            <Button look="primary" icon={Plus} onClick={add}>
              Add webhook
            </Button>
          </Tooltip>
        </>
      }
    >
      <p className="mb-4 text-ink-muted">
        MailSage posts what happens to your mail to an address of yours, signed, and tries again
        after 1, 5 and 30 minutes.
      </p>
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
      <Empty icon={WebhookIcon} title="No webhooks yet">
        <p>
          Give an address that takes a POST, such as http://127.0.0.1:3000/hook, and choose what it
          should hear of.
        </p>
        <Button look="primary" icon={Plus} onClick={add} className="mt-4">
          Add your first webhook
        </Button>
      </Empty>
    )
  }
  return (
    <table className="w-full table-fixed text-left">
      <thead>
        <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
          <th className="pr-3 pl-4">Address and events</th>
          <th className="w-44 px-3">State</th>
          <th className="w-28 px-3">Last delivery</th>
          <th className="w-24 px-3 text-right">Received</th>
          <th className="w-14 px-3">
            <span className="sr-only">Switched on</span>
          </th>
          <th className="w-11">
            <span className="sr-only">Actions</span>
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

/** A try makes no event of its own: while something waits, the figures are asked for again. */
function useFreshFigures(): void {
  useEffect(() => {
    void loadWebhooks()
    const soon = setTimeout(loadWebhooks, 1200)
    const timer = setInterval(() => {
      const waiting = [...useWebhooks.getState().figures.values()]
      if (waiting.some(({ pending }) => pending > 0)) void loadWebhooks()
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
        label: 'Add webhook',
        group: 'Webhooks',
        icon: Plus,
        shortcut: 'c',
        run: add,
      },
      {
        id: 'webhook-verify',
        label: 'Verify a webhook signature',
        group: 'Webhooks',
        icon: ShieldCheck,
        keywords: 'hmac sha256 secret code',
        run: verify,
      },
    ],
    [],
  )
  useCommands(commands)
}
