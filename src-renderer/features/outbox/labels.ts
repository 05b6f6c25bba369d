const undone = 'This can’t be undone.'
const recipients = (count: number, formatted: string): string =>
  count === 1 ? '1 recipient' : `${formatted} recipients`

/** Texts of the outbox: queue, filters and message list. */
export const outboxLabels = {
  outbox: 'Outbox',
  view: 'View',
  messages: 'Messages',
  jobs: 'Jobs',
  listWidth: 'List width',

  queue: 'Queue, in recipients',
  waiting: 'Waiting',
  sending: 'Sending',
  deferred: 'Deferred',
  deliveredToday: 'Delivered today',
  oldest: (age: string) => `oldest ${age}`,
  underOneMinute: 'under 1 min',
  minutes: (count: number) => `${count} min`,
  hours: (count: number) => `${count} h`,
  days: (count: number) => `${count} days`,

  restored: (count: number, formatted: string) =>
    count === 1
      ? '1 message from a restored backup is on hold, because it may have been sent before.'
      : `${formatted} messages from a restored backup are on hold, because they may have been sent before.`,
  releaseOrCancel: 'Release or cancel',
  noRelay: 'No relay is configured, so live mail is refused. Test keys work without a relay.',
  addRelay: 'Add a relay',
  moreUnavailable: (count: number) => {
    if (count === 0) return ''
    return count === 1 ? ' 1 more relay is unavailable.' : ` ${count} more relays are unavailable.`
  },
  otherRelaysDeliver: ' Other relays deliver instead.',
  showRelays: 'Show relays',

  status: 'Status',
  filters: {
    all: 'All',
    waiting: 'Waiting',
    delivered: 'Delivered',
    bounced: 'Bounced',
    failed: 'Failed',
    scheduled: 'Scheduled',
    cancelled: 'Cancelled',
  },
  countedUpTo: (thousands: number) => `${thousands}k+`,
  key: 'Key',
  allKeys: 'All keys',
  search: 'Search sent messages',
  searchPlaceholder: 'Address or subject',

  sentMessages: 'Sent messages',
  noResults: 'No results',
  noMatch: (query: string, hasKey: boolean) => {
    const key = hasKey ? ' sent with this key' : ''
    return query === ''
      ? `No live message was${key}.`
      : `No live message${key} has “${query}” in its addresses or subject.`
  },
  nothingSent: 'No messages sent yet',
  nothingSentAdvice:
    'Messages that your apps send with a live key appear here, with the status for each recipient.',
  noneInFilter: {
    waiting: 'No messages are waiting',
    delivered: 'No messages were delivered yet',
    bounced: 'No messages bounced',
    failed: 'No messages failed',
    scheduled: 'No messages are scheduled',
    cancelled: 'No messages were cancelled',
  },
  noSubject: '(no subject)',
  noRecipient: '(no recipient)',
  select: (subject: string) => `Select ${subject || 'message without subject'}`,
  deliveredOf: (delivered: number, total: number) => `${delivered} of ${total}`,
  via: (relay: string) => ` → ${relay}`,

  selection: 'Selection',
  selected: (count: string) => `${count} selected`,
  noneToRetry: ', none to retry',
  someToRetry: (count: string) => `, ${count} to retry`,
  retryNow: 'Retry now',
  clearSelection: 'Clear selection',
  nothingToRetry: 'None of these messages has a recipient to retry.',
  retried: (count: number, skipped: number) => {
    const done = count === 1 ? 'Retrying 1 message' : `Retrying ${count} messages`
    return skipped === 0 ? done : `${done}; ${skipped} skipped, with no recipient to retry`
  },

  commands: {
    showWaiting: 'Show waiting messages',
    showBounced: 'Show bounced messages',
    showJobs: 'Show jobs',
    retry: 'Retry this message now',
    cancel: 'Cancel this message',
    copyId: 'Copy message ID',
    download: 'Download this message as .eml',
  },
  idCopied: 'ID copied',
} as const

export const statusLabels = {
  queued: 'Queued',
  sending: 'Sending',
  deferred: 'Deferred',
  delivered: 'Delivered',
  bounced: 'Bounced',
  failed: 'Failed',
  scheduled: 'Scheduled',
  captured: 'Captured',
  cancelled: 'Cancelled',
} as const

/** Texts of the open message. */
export const sentLabels = {
  none: 'No message open',
  noneAdvice: 'Select a message to see each recipient and every delivery attempt.',
  message: 'Sent message',

  retryNow: 'Retry now',
  changeTime: 'Change time',
  cancelSending: 'Cancel sending',
  copyId: 'Copy ID',
  download: 'Download .eml',
  close: 'Close message',
  cancelTitle: 'Cancel sending?',
  cancelScheduled: 'The scheduled message will not be sent.',
  cancelQueued: (left: number, delivered: number) => {
    const rest = `${recipients(left, String(left))} will not receive it.`
    return delivered === 0 ? rest : `${rest} Already delivered to ${delivered}.`
  },
  cancelWarning: 'This can’t be undone. Your app would have to send the message again.',
  retrying: 'Retrying for the recipients without delivery',
  cancelled: 'Sending cancelled for all undelivered recipients',
  rescheduled: 'Scheduled time changed',

  sendAt: 'Send at',
  sendAtHint: 'In your time zone, at most one year ahead',
  timeMissing: 'Select a date and time.',
  timePassed: 'This time is in the past. Select a later time.',
  cancel: 'Cancel',

  from: 'From',
  to: 'To',
  cc: 'Cc',
  accepted: 'Accepted',
  sent: 'Sent',
  withKey: (key: string) => ` with ${key}`,
  more: (count: number) => `and ${count} more`,
  recipients: 'Recipients',
  attempts: (count: number) => `${count} attempts`,
  showAll: (count: string) => `Show all ${count}`,

  id: 'ID',
  key: 'Key',
  noKey: 'None (sent from this window)',
  scheduledFor: 'Scheduled for',
  delivered: 'Delivered',
  tags: 'Tags',
  metadata: 'Metadata',
  metadataCode: 'metadata',
  noValue: 'None',
} as const

export const timelineLabels = {
  timeline: 'Timeline',
  accepted: 'Accepted',
  acceptedOver: (protocol: string) => `Accepted over ${protocol}`,
  storedForLater: 'Stored until its scheduled time.',
  scheduled: 'Scheduled',
  cancelledBeforeSending: 'Cancelled before its scheduled time',
  sending: 'Sending',
  awaitingReply: (recipients: string) => `Waiting for the relay’s reply for ${recipients}`,
  retried: 'Retried manually',
  cancelled: 'Cancelled',
  forRecipients: (recipients: string) => `For ${recipients}`,
  nextFor: (recipients: string) => ` for ${recipients}`,
  firstAttempt: 'First attempt',
  nextAttempt: 'Next attempt',
  whenRelayReplies: 'As soon as a relay replies',
  orWhenRelayReplies: ' or as soon as a relay replies',
  onHold: 'On hold',
  failed: 'Failed',
  via: (relay: string) => `via ${relay}`,
  attempt: (number: number) => `attempt ${number}`,
  unreachable: (relay: string) => `${relay} was unreachable:`,
  deletedRelay: 'A deleted relay',
  noRecipient: 'no recipient',
  two: (first: string, second: string) => `${first} and ${second}`,
  many: (first: string, more: number) => `${first} and ${more} more`,
  milliseconds: (ms: number) => `${ms} ms`,
  seconds: (seconds: string) => `${seconds} s`,
} as const

export const jobLabels = {
  job: 'Job',
  jobs: 'Jobs',
  none: 'No job open',
  noneAdvice: 'Select a job to see each recipient, and to pause, resume or stop it.',
  empty: 'No jobs yet',
  emptyBefore: 'A batch sent with',
  emptyRoute: 'POST /api/v1/emails/batch',
  emptyAfter: 'appears here as a job.',
  showOlder: 'Show older jobs',
  loading: 'Loading job',
  states: {
    pending: 'Waiting',
    processing: 'Sending',
    paused: 'Paused',
    completed: 'Done',
    failed: 'Failed',
    stopped: 'Stopped',
  },
  template: (id: string) => `Template ${id}`,
  numbered: (id: string) => `Job ${id}`,
  underOneMinuteLeft: 'under 1 min left',
  minutesLeft: (count: number) => `about ${count} min left`,
  hoursLeft: (count: number) => `about ${count} h left`,

  pause: 'Pause job',
  resume: 'Resume job',
  stop: 'Stop job',
  retryFailed: (count: string) => `Retry ${count} failed`,
  close: 'Close job',
  stopTitle: (title: string) => `Stop “${title}”?`,
  stopConsequence: (pending: string, total: string) =>
    `${pending} of ${total} recipients will not receive it.`,
  nothingSent: 'Nothing has been sent yet.',
  alreadySent: (count: string) => `Already sent to ${count}.`,
  stopWarning: `${undone} To stop only for a while, pause the job.`,
  done: {
    pause: 'Job paused; messages in delivery are still sent',
    resume: 'Job resumed',
    stop: 'Job stopped',
    retry: 'Retrying the failed recipients',
  },

  from: 'From',
  campaign: 'Campaign',
  templateName: 'Template',
  created: 'Created',
  withKey: (key: string) => ` with ${key}`,
  progress: 'Recipients done',
  progressText: (done: string, total: string) => `${done} of ${total}`,
  sentOf: (sent: string, total: string) => `${sent} of ${total} sent`,
  failed: (count: string) => `${count} failed`,
  cancelled: (count: string) => `${count} cancelled`,
  toGo: (count: string) => `${count} to go`,
  perMinute: (count: string) => `${count}/min`,

  recipients: 'Recipients',
  statusFilter: 'Recipient status',
  allStatuses: 'All statuses',
  noRecipients: 'No recipients',
  noRecipientsAdvice: 'No recipient of this job has this status.',
} as const
