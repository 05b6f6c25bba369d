import type { WebhookEvent } from '../../../src-main/contract/webhooks.ts'
import { webhooksLabels } from './labels.ts'

type Choice = { readonly event: WebhookEvent; readonly label: string }

/** Every event in the order of a message's delivery. */
export const eventGroups: readonly {
  readonly name: string
  readonly choices: readonly Choice[]
}[] = [
  {
    name: webhooksLabels.eventLabels.testMail,
    choices: [{ event: 'captured', label: webhooksLabels.eventLabels.captured }],
  },
  {
    name: webhooksLabels.eventLabels.liveMail,
    choices: [
      { event: 'queued', label: webhooksLabels.eventLabels.queued },
      { event: 'sending', label: webhooksLabels.eventLabels.sending },
      { event: 'delivered', label: webhooksLabels.eventLabels.delivered },
      { event: 'deferred', label: webhooksLabels.eventLabels.deferred },
      { event: 'bounced', label: webhooksLabels.eventLabels.bounced },
      { event: 'failed', label: webhooksLabels.eventLabels.failed },
    ],
  },
  {
    name: webhooksLabels.eventLabels.recipients,
    choices: [
      { event: 'opened', label: webhooksLabels.eventLabels.opened },
      { event: 'clicked', label: webhooksLabels.eventLabels.clicked },
      { event: 'complained', label: webhooksLabels.eventLabels.complained },
    ],
  },
  {
    name: webhooksLabels.eventLabels.server,
    choices: [{ event: 'alert', label: webhooksLabels.eventLabels.alert }],
  },
]

export const allEvents: readonly WebhookEvent[] = eventGroups.flatMap(({ choices }) =>
  choices.map(({ event }) => event),
)

/** Sorts events into the order above. */
export function inOrder(events: readonly WebhookEvent[]): WebhookEvent[] {
  return allEvents.filter((event) => events.includes(event))
}
