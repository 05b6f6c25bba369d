/**
 * Every refusal, once: HTTP status (RFC 9110, RFC 6585), SMTP reply (RFC 5321 §4.2) with its
 * enhanced code (RFC 3463, RFC 5248), and a title. HTTP dialects and SMTP map from here.
 */
export const faults = {
  missing_api_key: [401, 530, '5.7.0', 'API key missing'],
  invalid_api_key: [401, 535, '5.7.8', 'API key not valid'],
  expired_api_key: [401, 535, '5.7.8', 'API key expired'],
  insufficient_permissions: [403, 550, '5.7.1', 'Permission missing'],
  address_not_allowed: [403, 550, '5.7.1', 'Client address not allowed'],
  sender_not_allowed: [403, 550, '5.7.1', 'Sender not allowed'],
  host_not_allowed: [403, 550, '5.7.1', 'Host not allowed'],
  origin_not_allowed: [403, 550, '5.7.1', 'Origin not allowed'],
  rate_limit_exceeded: [429, 451, '4.7.1', 'Rate limit exceeded'],
  daily_limit_exceeded: [429, 451, '4.7.1', 'Daily limit exceeded'],
  too_many_wrong_keys: [429, 421, '4.7.0', 'Too many wrong keys'],
  invalid_request: [400, 501, '5.5.4', 'Request not valid'],
  missing_required: [400, 501, '5.5.4', 'Required field missing'],
  invalid_parameter: [400, 501, '5.5.4', 'Field not valid'],
  invalid_sender: [400, 553, '5.1.7', 'Sender address not valid'],
  invalid_recipient: [400, 553, '5.1.3', 'Recipient address not valid'],
  too_many_recipients: [400, 452, '4.5.3', 'Too many recipients'],
  not_found: [404, 550, '5.1.1', 'Not found'],
  template_not_found: [404, 554, '5.6.0', 'Template not found'],
  invalid_template: [400, 501, '5.5.4', 'Template not valid'],
  template_variable_error: [400, 554, '5.6.0', 'Template variable missing'],
  template_error: [422, 554, '5.6.0', 'Template could not be rendered'],
  smtp_not_found: [404, 554, '5.3.5', 'SMTP configuration not found'],
  method_not_allowed: [405, 502, '5.5.1', 'Method not allowed'],
  request_timeout: [408, 421, '4.4.2', 'Request took too long'],
  conflict: [409, 554, '5.5.0', 'Conflict'],
  message_too_large: [413, 552, '5.3.4', 'Message too large'],
  unsupported_media_type: [415, 554, '5.6.1', 'Media type not supported'],
  message_unreadable: [422, 554, '5.6.0', 'Message could not be read'],
  relay_not_configured: [422, 554, '5.3.5', 'No relay configured'],
  smtp_auth_error: [422, 535, '5.7.8', 'Relay refused the credentials'],
  smtp_connection_error: [422, 451, '4.4.1', 'Relay not reachable'],
  smtp_error: [422, 554, '5.0.0', 'Relay refused the message'],
  headers_too_large: [431, 552, '5.3.4', 'Request headers too large'],
  // Only in the log. The status 499 is a convention of nginx.
  client_closed: [499, 421, '4.4.2', 'Connection closed before the response'],
  internal: [500, 451, '4.3.0', 'Internal error'],
  capture_paused: [503, 451, '4.3.2', 'Capture is paused'],
  overloaded: [503, 452, '4.3.1', 'Too busy'],
  storage_busy: [503, 451, '4.3.2', 'Database in use by another program'],
  storage_damaged: [503, 451, '4.3.0', 'Database damaged'],
  storage_unavailable: [503, 451, '4.3.0', 'Data folder not available'],
  storage_full: [507, 452, '4.3.1', 'Disk full'],
} as const satisfies Record<string, readonly [number, number, string, string]>

export type FaultCode = keyof typeof faults

/** Faults of the disk or the database. */
export const storageFaultCodes = [
  'storage_busy',
  'storage_damaged',
  'storage_unavailable',
  'storage_full',
] as const satisfies readonly FaultCode[]
export type StorageFaultCode = (typeof storageFaultCodes)[number]

export type FaultDetails = Readonly<Record<string, unknown>>

/** A refusal. `message` is a whole sentence that tells the caller what to change. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly details: FaultDetails

  constructor(code: FaultCode, message: string, details: FaultDetails = {}) {
    super(message)
    this.code = code
    this.details = details
  }

  get httpStatus(): number {
    return faults[this.code][0]
  }

  get smtpReply(): { readonly code: number; readonly enhanced: string } {
    const [, code, enhanced] = faults[this.code]
    return { code, enhanced }
  }

  get title(): string {
    return faults[this.code][3]
  }
}

/** Storage logs these faults itself; do not log them again. */
export function isStorageFault(error: unknown): boolean {
  return error instanceof Fault && (storageFaultCodes as readonly string[]).includes(error.code)
}
