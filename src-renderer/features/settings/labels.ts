import type { Plan, StartTls } from '../../../src-main/contract/settings.ts'
import type { HeldCounts, RetentionPreview } from '../../../src-main/contract/storage.ts'
import { formatBytes, formatCount } from '../../ui/format.ts'

const count = (number: number, one: string, many: string): string =>
  `${formatCount(number)} ${number === 1 ? one : many}`

const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

const messages = (number: number): string => count(number, 'message', 'messages')

const held = ({ messages: mail, jobs, webhook_deliveries: deliveries }: HeldCounts): string =>
  list([
    ...(mail > 0 ? [messages(mail)] : []),
    ...(jobs > 0 ? [count(jobs, 'job', 'jobs')] : []),
    ...(deliveries > 0 ? [count(deliveries, 'webhook delivery', 'webhook deliveries')] : []),
  ]) || 'nothing'

export const settingsLabels = {
  screen: {
    title: 'Settings',
    sections: 'Sections',
    command: (section: string) => `Settings: ${section}`,
  },
  sections: {
    connection: 'Connection',
    capture: 'Capture',
    plan: 'Plan and limits',
    retention: 'Retention',
    alerts: 'Alerts',
    appearance: 'Appearance',
    startUp: 'Start-up',
    storage: 'Storage',
    session: 'Session',
    about: 'About',
  },
  save: 'Save',
  setByEnvironment: (variable: string) =>
    `${variable} is set and overrides this setting after a restart.`,
  about: {
    explorer: 'API explorer',
    explorerHint: 'Try every request',
    openApi: 'OpenAPI document',
    openApiHint: 'For code generators',
    metrics: 'Metrics',
    metricsHint: 'For Prometheus',
    version: 'Version',
    licences: 'Open-source licences',
    licencesList: 'Licences',
  },
  alerts: {
    open: 'Open alerts',
    rules: (enabled: number, total: number, open: number) =>
      `${enabled} of ${total} rules enabled · ${open === 0 ? 'no open alerts' : count(open, 'open alert', 'open alerts')}`,
    allEnabled: 'Alerts cover unusual key usage, bounces, a long queue and unreachable relays.',
    disabled: (rules: readonly string[]) => `Disabled: ${rules.join('; ')}.`,
  },
  appearance: {
    theme: 'Theme',
    hint: 'Applies to this computer. Contrast and reduced motion follow the system settings.',
  },
  capture: {
    anonymous: 'Capture without a key',
    anonymousHint:
      'Captures SMTP mail from this computer without sign-in, or with a password that is not a MailSage key. Captured mail is never sent. When off, such mail is refused.',
  },
  plan: {
    names: { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' } satisfies Record<Plan, string>,
    hint: 'Applies to keys without their own limits. You can set limits for each key and tenant.',
    title: 'Plan',
    limits: (perMinute: number, burst: number) =>
      `${formatCount(perMinute)} requests a minute per key, with a burst of ${formatCount(burst)}.`,
    live: 'Live, per minute',
    burst: 'Burst',
    test: 'Test, per minute',
  },
  connection: {
    httpApi: 'HTTP API',
    smtp: 'SMTP',
    smtps: 'SMTP over TLS',
    hint: 'Connection details for your apps.',
    environmentBlock: 'environment lines',
  },
  startTls: {
    title: 'STARTTLS',
    names: { auto: 'Automatic', on: 'On', off: 'Off' } satisfies Record<StartTls, string>,
    hint: 'Automatic offers STARTTLS when other computers can connect, or with your own certificate.',
    notOffered: 'It is not offered now.',
    offeredOwn: 'It is offered now, with your certificate.',
    offeredSelfMade:
      'It is offered now, with the certificate that MailSage made. Clients must trust it.',
  },
  ports: {
    http: 'HTTP port',
    smtp: 'SMTP port',
    smtps: 'SMTP over TLS port',
    saved: 'Saved. Restart MailSage to apply.',
    setBy: (variable: string) => `Set by ${variable}`,
    none: 'None',
    hint: 'Restart to apply. 0 picks a free port.',
    save: 'Save ports',
    missing: 'Enter a port.',
    invalid: 'Enter a number from 0 to 65535.',
  },
  restored: {
    queue: (when: string, counts: HeldCounts) =>
      `The backup restored ${when} has ${held(counts)} in its queue. It may have been sent before, so MailSage holds it until you release it.`,
    lost: (number: number) =>
      `${messages(number)} of the previous database ${number === 1 ? 'is' : 'are'} not in the backup. `,
    keptAs: 'The previous database is kept as',
    release: 'Release',
    cancel: 'Cancel these',
    releaseTitle: 'Release the restored queue?',
    released: 'Restored queue released',
    releaseWarning: 'Recipients who received this mail after the backup was made receive it again.',
    cancelTitle: 'Cancel the restored queue?',
    cancelled: 'Restored queue cancelled',
    cancelWarning:
      'MailSage sends none of it. Recipients who did not receive it before do not receive it at all.',
  },
  retention: {
    preview: (preview: RetentionPreview) => {
      const deleted = [
        [preview.messages, 'message', 'messages'],
        [preview.log_entries, 'log entry', 'log entries'],
        [preview.webhook_log_entries, 'webhook log entry', 'webhook log entries'],
      ] as const
      const parts = deleted
        .filter(([number]) => number > 0)
        .map(([number, one, many]) => count(number, one, many))
      return parts.length === 0 ? 'This deletes nothing now.' : `This deletes ${list(parts)} now.`
    },
    byAge: 'Messages, by age',
    byAgeHint: 'Captured and finished messages in all inboxes and the outbox.',
    days: 'days',
    byNumber: 'Messages, by number',
    byNumberHint: 'Beyond this number, the oldest messages are deleted.',
    messages: 'messages',
    log: 'Access log',
    logHint: 'Includes transcripts of refused SMTP sessions and resolved alerts.',
    webhookLog: 'Webhook log',
    webhookLogHint: 'Webhook deliveries with their responses.',
    invalid: 'Enter a whole number. 0 keeps everything.',
    saved: 'Retention saved',
    hint: 'Retention periods of data. 0 keeps data forever. Queued mail is never deleted.',
    loadingPreview: 'Loading the preview…',
    previewHint: 'Change a value to preview what would be deleted.',
    discard: 'Discard',
    confirmTitle: 'Change retention?',
    confirmHint: 'This can’t be undone. Usage figures and the audit log are kept.',
  },
  session: {
    hint: (key: string) => `This tab is signed in with the key “${key}”.`,
    signOut: 'Sign out',
  },
  startUp: {
    notify: { always: 'Always', unfocused: 'In background', off: 'Off' },
    title: 'Start-up and notifications',
    hint: 'Applies to this computer.',
    notifications: 'Notifications',
    notificationsHint: 'For new mail and alerts. A burst shows one notification.',
    tray: 'Keep running in the tray',
    trayHint: 'Closing the window keeps MailSage running. Quit from the tray or the menu.',
    noTrayHint: 'This desktop has no tray, so closing the window quits MailSage.',
    login: 'Start at login',
    loginHint: 'MailSage is ready when you need it.',
    hidden: 'Start without a window',
    hiddenHint: 'At login, MailSage starts in the tray. Without a tray, the window opens.',
  },
  storage: {
    hint: 'MailSage stores all its data in one folder.',
    folder: 'Folder',
    database: 'Database',
    databaseSize: (bytes: number, number: number) => `${formatBytes(bytes)}, ${messages(number)}`,
    index: 'Search index',
    indexSize: (bytes: number, percent: number) =>
      percent < 100 ? `${formatBytes(bytes)}, ${percent}% of messages indexed` : formatBytes(bytes),
    free: 'Free disk space',
    reclaimScheduled: 'MailSage reclaims the space at the next start.',
    nothingToReclaim: 'Nothing to reclaim. Free space will be reused.',
    reclaimable: (bytes: number) =>
      `Deleted mail left ${formatBytes(bytes)}. New mail reuses this space, or MailSage returns it to the disk at the next start.`,
    reclaim: 'Reclaim space',
    reclaimAtStart: 'Reclaim at next start',
    backup: 'Backup',
    backupHint:
      'One file with all messages, keys, templates and relay settings. Mail is accepted during the backup. Only this folder’s vault key can decrypt the relay passwords.',
    saving: 'Saving…',
    saveBackup: 'Save backup',
    restore: 'Restore',
    restoreHint: 'Restoring replaces all data at the next start. MailSage checks the file first.',
    backupFile: 'Backup file',
    restoreAction: 'Restore backup…',
    restoreTitle: (file: string) => `Restore “${file}”?`,
    restoreAtStart: 'Restore at next start',
    restoreScheduled: 'Backup checked. MailSage restores it at the next start.',
    restoreReplaces: (number: number) =>
      `At the next start, the backup replaces the current ${messages(number)}, keys, templates, webhooks and tenants. Keys that are not in the backup stop working.`,
    restoreLoses:
      'Messages accepted after the backup, and until the next start, are lost. Live mail, jobs and webhook deliveries in the backup’s queue may have been sent already, so MailSage holds them until you release them.',
    restoreKeeps:
      'The current database is kept in the data folder, with its date in the file name.',
    pending: (number: number, bytes: number, when: string) =>
      `A backup with ${messages(number)} (${formatBytes(bytes)}), uploaded ${when}, replaces all data at the next start.`,
    pendingLoses: (number: number) =>
      `${messages(number)} ${number === 1 ? 'is' : 'are'} not in the backup and will be lost, with all mail accepted until then. `,
    pendingHolds: (counts: HeldCounts) => {
      const { messages: mail, jobs, webhook_deliveries: deliveries } = counts
      if (mail + jobs + deliveries === 0) return 'Its queue is empty.'
      return `MailSage holds its queue until you release it: ${held(counts)}.`
    },
    cancelRestore: 'Cancel restore',
  },
} as const
