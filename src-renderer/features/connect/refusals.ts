/** What went wrong on a first try, and what to change. */
export type Advice = { readonly what: string; readonly change: string }

const known: Readonly<Record<string, Advice>> = {
  missing_api_key: {
    what: 'No key came with the request',
    change: 'Send it as “Authorization: Bearer KEY”, or as the SMTP password.',
  },
  invalid_api_key: {
    what: 'The key was not recognised',
    change:
      'Copy the whole key again: it may be cut short, revoked, disabled, or still be the placeholder.',
  },
  expired_api_key: { what: 'The key has expired', change: 'Create a new one and put it in place.' },
  insufficient_permissions: {
    what: 'The key may not do this',
    change: 'Give it the permission to send: Keys, Edit.',
  },
  address_not_allowed: {
    what: 'The key may not be used from this address',
    change: 'Add the address to its allowed IPs: Keys, Edit.',
  },
  sender_not_allowed: {
    what: 'The key may not send from this sender',
    change: 'Use another From address, or add it to the key’s allowed senders: Keys, Edit.',
  },
  host_not_allowed: {
    what: 'The host name in the address is not known',
    change: 'Use the address shown here, or name the host in MAILSAGE_ALLOWED_HOSTS.',
  },
  origin_not_allowed: {
    what: 'It came from a web page',
    change: 'Send from your server. A key does not belong in a browser.',
  },
  rate_limit_exceeded: {
    what: 'Too many requests a minute',
    change: 'Wait a little, or raise the key’s limit: Keys, Edit.',
  },
  too_many_wrong_keys: {
    what: 'Too many wrong keys came from this address',
    change: 'Copy the whole key again. A valid key works at once.',
  },
  daily_limit_exceeded: {
    what: 'The key’s emails for today are used up',
    change: 'Raise its daily limit: Keys, Edit. It may send again after midnight UTC.',
  },
  invalid_sender: {
    what: 'The sender is not an email address',
    change: 'Write From like “app@example.com”.',
  },
  invalid_recipient: {
    what: 'A recipient is not an email address',
    change: 'Write To like “ada@example.com”.',
  },
  missing_required: {
    what: 'A field is missing',
    change: 'From, to, and a subject, text or HTML are needed. The answer names the field.',
  },
  invalid_parameter: {
    what: 'A field is not as it should be',
    change: 'The answer that your app got names the field and says why.',
  },
  invalid_request: {
    what: 'The request could not be read',
    change: 'Send JSON with “Content-Type: application/json”.',
  },
  not_found: {
    what: 'There is nothing at that address',
    change: 'Compare the path with the one shown here.',
  },
  method_not_allowed: { what: 'The method is wrong', change: 'Send with POST.' },
  relay_not_configured: {
    what: 'A live key needs a relay, and there is none',
    change: 'Add one under Relays, or use a test key to capture the message.',
  },
  template_not_found: {
    what: 'There is no such template',
    change: 'Create it under Templates, or send a subject and HTML instead.',
  },
}

/** Never empty-handed: what has no words of its own sends to the log. */
export function adviceFor(fault: string): Advice {
  return (
    known[fault] ?? {
      what: `It was refused: ${fault.replaceAll('_', ' ')}`,
      change: 'The log has the whole story.',
    }
  )
}
