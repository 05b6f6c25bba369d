import type { WebhookEvent } from '../../../src-main/contract/webhooks.ts'

type Choice = { readonly event: WebhookEvent; readonly meaning: string }

/** Every event in words, in the order of a message's life. */
export const eventGroups: readonly {
  readonly name: string
  readonly choices: readonly Choice[]
}[] = [
  {
    name: 'Test mail',
    choices: [{ event: 'captured', meaning: 'A message was captured in an inbox' }],
  },
  {
    name: 'Live mail',
    choices: [
      { event: 'queued', meaning: 'A message was accepted for delivery' },
      { event: 'sending', meaning: 'An attempt to deliver it has begun' },
      { event: 'delivered', meaning: 'The relay took it for this recipient' },
      { event: 'deferred', meaning: 'The relay said “later”; it is tried again' },
      { event: 'bounced', meaning: 'The recipient’s side refused it for good' },
      { event: 'failed', meaning: 'It could not be delivered after all tries' },
    ],
  },
  {
    name: 'What recipients do, which nothing reports yet',
    choices: [
      { event: 'opened', meaning: 'A recipient opened it' },
      { event: 'clicked', meaning: 'A recipient followed a link' },
      { event: 'complained', meaning: 'A recipient marked it as spam' },
    ],
  },
  { name: 'This installation', choices: [{ event: 'alert', meaning: 'An alert was raised' }] },
]

export const allEvents: readonly WebhookEvent[] = eventGroups.flatMap(({ choices }) =>
  choices.map(({ event }) => event),
)

/** In the order above, however they were chosen. */
export function inOrder(events: readonly WebhookEvent[]): WebhookEvent[] {
  return allEvents.filter((event) => events.includes(event))
}
