import type { FaultCode } from '../../../src-main/contract/faults.ts'
import type { LogType } from '../../../src-main/contract/logs.ts'
import { formatCount } from '../../ui/format.ts'

export const logsLabels = {
  clear: 'Clear filters',
  title: 'Logs',
  filterNames: {
    type: 'Type',
    key: 'Key',
    route: 'Route',
    outcome: 'Outcome',
    status: 'Status',
    address: 'Address',
    request: 'Request',
    message: 'Message',
    since: 'Since',
    text: 'Text',
  },
  types: {
    request: 'Request',
    session: 'Session',
    message: 'Message',
    audit: 'Audit',
    alert: 'Alert',
    junk: 'No key',
  } satisfies Record<LogType, string>,
  faultAdvice: {
    missing_api_key:
      'Send the key: “Authorization: Bearer …” over HTTP, or as the password over SMTP.',
    invalid_api_key:
      'The key does not exist, or it was revoked or disabled. Compare your app’s key with the list under Keys.',
    expired_api_key: 'The key has expired. Create or rotate a key and update your app.',
    insufficient_permissions:
      'The key lacks the permission. Add it under Keys, or use another key.',
    address_not_allowed:
      'The key accepts only its allowed IP addresses. Add this address to the key if it is yours.',
    sender_not_allowed:
      'The key can only send from its allowed senders. Change “from”, or add the sender to the key.',
    host_not_allowed: 'The Host header names an unknown host. Use the address in the status bar.',
    origin_not_allowed:
      'The request came from a web page with another origin. Call MailSage from your server instead.',
    rate_limit_exceeded:
      'The key’s rate limit is used up. Wait for the time in Retry-After, or raise the limit.',
    daily_limit_exceeded:
      'The daily quota is used up. It resets at midnight UTC. You can also raise the limit.',
    too_many_wrong_keys: 'This address sent too many invalid keys. A valid key works at once.',
    invalid_request: 'The request could not be parsed. The response gives the reason.',
    missing_required: 'A required field is missing. The response names it.',
    invalid_parameter: 'A field has an invalid value. The response names it.',
    invalid_sender: 'The sender is not an email address. Check “from”.',
    invalid_recipient: 'A recipient is not an email address. Check “to”, “cc” and “bcc”.',
    too_many_recipients: 'Split the recipients over several messages.',
    not_found:
      'The resource does not exist, or it belongs to another tenant. Check the ID in the path.',
    template_not_found: 'No template has this ID or name. Check the list under Templates.',
    invalid_template: 'The template has a syntax error. Open it under Templates to see the line.',
    template_variable_error: 'A required variable is missing. Add it to the send.',
    template_error:
      'The template could not be rendered with these variables. Preview it under Templates.',
    smtp_not_found: 'The relay does not exist. Check the ID under Relays.',
    method_not_allowed: 'This path does not support the method. Check the API reference.',
    request_timeout:
      'The request took too long to arrive. Check the network between your app and MailSage.',
    conflict:
      'The request conflicts with an existing resource. Often an Idempotency-Key was reused.',
    message_too_large: 'The message exceeds the size limit. Link to large files instead.',
    unsupported_media_type: 'Send JSON with “content-type: application/json”.',
    message_unreadable:
      'The message is too complex to parse. You can still download its raw source and read its headers.',
    relay_not_configured: 'Live keys need a relay. Add one under Relays, or use a test key.',
    smtp_auth_error: 'The relay refused the user name or password. Check them under Relays.',
    smtp_connection_error: 'The relay could not be reached. Test its connection under Relays.',
    smtp_error: 'The relay refused the message. Its reply gives the reason.',
    headers_too_large: 'The request headers are too long. Shorten them.',
    client_closed:
      'The client disconnected before the response. Check its timeout. The request may still have succeeded.',
    internal: 'MailSage failed. Its own log has details under this request ID.',
    capture_paused:
      'Capture of test mail is paused. Resume it in the tray, the command palette or Settings, then send again.',
    overloaded: 'MailSage is overloaded. Try again later.',
    storage_busy:
      'Another program holds a lock on the database. Close that program, then send again.',
    storage_damaged:
      'The database is damaged. Restore a backup, or recover it as described in the log.',
    storage_unavailable:
      'The data folder cannot be used. MailSage’s own log gives the reason and the fix.',
    storage_full: 'The disk of the data folder is full. Free some space, then send again.',
  } satisfies Record<FaultCode, string>,
  screen: {
    resume: 'Resume',
    pause: 'Pause',
    held: (entries: number) => `${formatCount(entries)} new`,
    noMatch: 'No results',
    noMatchHint: 'No matching log entries. New entries appear here live.',
    empty: 'No log entries yet',
    emptyHint:
      'Requests, SMTP sessions, delivery events and changes of keys and settings appear here live.',
  },
  commands: {
    pause: 'Pause or resume the log',
    unauthenticated: 'Show requests without a valid key',
    sessions: 'Show SMTP sessions',
    audit: 'Show the audit log',
    auditKeywords: 'who changed what history',
    clear: 'Clear log filters',
  },
  columns: {
    time: 'Time',
    entry: 'Entry',
    duration: 'Duration',
    address: 'Address',
  },
  filter: {
    since: (period: string) => `the last ${period}`,
    label: 'Filter the log',
    placeholder: 'Filter by route, key, status:400 …',
    hideOwn: 'Hide requests of this window',
    showOwn: 'Show requests of this window',
    list: 'Filters',
    remove: (name: string, value: string) => `Remove ${name} ${value}`,
  },
  drawer: {
    tenant: 'Tenant',
    ehloName: 'EHLO name',
    userAgent: 'User agent',
    recipient: 'Recipient',
    changedBy: 'Changed by',
    filterBy: (name: string) => `Filter by this ${name.toLowerCase()}`,
    title: 'Log entry',
    missing: 'Entry not found',
    missingHint:
      'Retention may have deleted it. Requests without a valid key are kept in memory only, the last 500.',
    relayReply: 'Relay reply',
    messages: 'Messages of this key at that time',
    transcript: 'SMTP transcript',
    sameRequest: 'Same request',
    sameMessage: 'Same message',
    data: 'Data',
    noBodies: 'The log stores IDs, sizes and codes. It does not store headers, bodies or secrets.',
    copyJson: 'Copy as JSON',
    copyCurl: 'Copy as curl',
    close: 'Close',
  },
  transcript: {
    unencrypted: 'Not encrypted',
    summary: (encryption: string, duration: string) =>
      `${encryption}, ${duration}. Credentials are masked, and message data is omitted.`,
  },
  titles: {
    subjects: {
      key: 'Key',
      relay: 'Relay',
      tenant: 'Tenant',
      webhook: 'Webhook',
      settings: 'Settings',
      template: 'Template',
      alert: 'Alert',
      job: 'Job',
    } as Readonly<Record<string, string>>,
    messageEvents: {
      captured: 'Captured',
      queued: 'Queued',
      sending: 'Sending',
      delivered: 'Delivered',
      deferred: 'Deferred, will be retried',
      bounced: 'Bounced',
      failed: 'Failed',
      scheduled: 'Scheduled',
      cancelled: 'Cancelled',
    } as Readonly<Record<string, string>>,
    alert: 'Alert',
    rulesChanged: 'rules changed',
    session: (messages: number, refusals: number) =>
      `SMTP session, ${messages} ${messages === 1 ? 'message' : 'messages'}${refusals > 0 ? `, ${refusals} refused` : ''}`,
    overSmtp: ' over SMTP',
    overHttp: ' over HTTP',
    inInbox: (inbox: string) => ` in “${inbox}”`,
  },
} as const
