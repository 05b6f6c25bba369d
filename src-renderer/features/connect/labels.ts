import { formatCount } from '../../ui/format.ts'
import type { SampleProtocol } from './snippets/sample.ts'

export const connectLabels = {
  title: 'Connect',
  protocols: {
    selfmx: 'HTTP, /v1/send',
    mailsage: 'HTTP, /api/v1/emails/send',
    smtp: 'SMTP',
  } satisfies Record<SampleProtocol, string>,
  sendTest: 'Send a test message',
  advice: {
    missing_api_key: {
      problem: 'The request has no key',
      fix: 'Send it as “Authorization: Bearer KEY”, or as the SMTP password.',
    },
    invalid_api_key: {
      problem: 'The key is invalid',
      fix: 'Copy the whole key again. It may be incomplete, revoked, disabled or still the placeholder.',
    },
    expired_api_key: {
      problem: 'The key has expired',
      fix: 'Create a new key and replace the old one.',
    },
    insufficient_permissions: {
      problem: 'The key lacks the permission',
      fix: 'Add the send permission under Keys, Edit.',
    },
    address_not_allowed: {
      problem: 'The key does not allow this IP address',
      fix: 'Add the address to its allowed IP addresses under Keys, Edit.',
    },
    sender_not_allowed: {
      problem: 'The key does not allow this sender',
      fix: 'Use another From address, or add it to the key’s allowed senders under Keys, Edit.',
    },
    host_not_allowed: {
      problem: 'Unknown host name',
      fix: 'Use the address shown here, or add the host to MAILSAGE_ALLOWED_HOSTS.',
    },
    origin_not_allowed: {
      problem: 'The request came from a web page',
      fix: 'Send from your server. A key does not belong in a browser.',
    },
    rate_limit_exceeded: {
      problem: 'Too many requests per minute',
      fix: 'Wait, or raise the key’s limit under Keys, Edit.',
    },
    too_many_wrong_keys: {
      problem: 'Too many invalid keys from this address',
      fix: 'Copy the whole key again. A valid key works at once.',
    },
    daily_limit_exceeded: {
      problem: 'The key’s daily quota is used up',
      fix: 'Raise its daily limit under Keys, Edit. The quota resets at midnight UTC.',
    },
    invalid_sender: {
      problem: 'The sender is not an email address',
      fix: 'Use a From address such as “app@example.com”.',
    },
    invalid_recipient: {
      problem: 'A recipient is not an email address',
      fix: 'Use a To address such as “ada@example.com”.',
    },
    missing_required: {
      problem: 'A required field is missing',
      fix: 'From, To and a subject, text or HTML are required. The response names the field.',
    },
    invalid_parameter: {
      problem: 'A field has an invalid value',
      fix: 'The response names the field and the reason.',
    },
    invalid_request: {
      problem: 'The request could not be parsed',
      fix: 'Send JSON with “Content-Type: application/json”.',
    },
    not_found: {
      problem: 'Unknown path',
      fix: 'Compare the path with the one shown here.',
    },
    method_not_allowed: {
      problem: 'Wrong method',
      fix: 'Send with POST.',
    },
    relay_not_configured: {
      problem: 'Live keys need a relay, and none is set up',
      fix: 'Add one under Relays, or use a test key to capture the message.',
    },
    template_not_found: {
      problem: 'Template not found',
      fix: 'Create it under Templates, or send a subject and HTML instead.',
    },
  } as Readonly<Record<string, { readonly problem: string; readonly fix: string }>>,
  screen: {
    protocol: 'Protocol',
    http: 'HTTP',
    smtp: 'SMTP',
    smtps: 'SMTP over TLS',
    smtpUser: 'SMTP user',
    loading: 'Loading',
    createKeyCommand: (sample: string) => `Create a test key for ${sample}`,
  },
  key: {
    suggestedName: (sample: string) => `${sample} test`,
    created: (name: string) => `“${name}” created and filled in below`,
    label: 'Key',
    option: (name: string, mode: string, prefix: string) => `${name} (${mode}, ${prefix}…)`,
    create: 'Create a test key',
    all: 'Keys',
    settings: 'Key settings',
    none: 'No key can send yet.',
    filledIn: 'Filled in below until you close or reload this window.',
    replace: 'Secrets are shown once. Replace YOUR_API_KEY with yours.',
    replaceLive:
      'This key sends to real people. Secrets are shown once. Replace YOUR_API_KEY with yours.',
  },
  test: {
    subject: 'A test message from Connect',
    text: 'It works. This message was sent with your key over the HTTP API.',
    failed: (status: number) => `MailSage returned ${status}. Try again.`,
  },
  first: {
    label: 'First message',
    waitAgain: 'Wait again',
    needsSecret: 'Create a test key first. This needs a key whose secret is shown here.',
    sendHint: 'Sends a message through the HTTP API with this key',
    waiting: 'Waiting for the first message',
    waitingFor: (key: string) => `Run the code below. Messages sent with “${key}” appear here.`,
    noKey: 'Select or create a key, then run the code below.',
    received: (protocol: 'http' | 'smtp') =>
      `Connected: message received over ${protocol === 'smtp' ? 'SMTP' : 'HTTP'}`,
    receivedMany: (messages: number) => `Connected: ${formatCount(messages)} messages received`,
    open: (subject: string | null) => (subject === null ? 'Open message' : `Open “${subject}”`),
    anonymous: 'A message came, but without a key',
    anonymousHint: 'Sign in with the user name “mailsage” and the key as the password.',
    noValidKey: 'The request had no valid key. ',
    showInLog: 'Show in log',
  },
  samples: {
    label: 'Language or framework',
    commandLine: 'Command line',
    javascript: 'JavaScript',
    python: 'Python',
    php: 'PHP',
    other: 'Other languages',
    containers: 'Containers',
  },
  refusals: {
    other: (fault: string) => `Request refused: ${fault}`,
    seeLog: 'The log has the details.',
  },
  startTls: {
    note: 'This server offers STARTTLS with a certificate that MailSage made. A client that verifies certificates must trust smtp.crt from the data folder. Or turn STARTTLS off.',
    settings: 'STARTTLS settings',
  },
  notes: {
    node: 'Run: node --env-file=.env send.mjs',
    phpMailer: 'Requires PHPMailer: composer require phpmailer/phpmailer',
    laravel: 'After a change, run: php artisan config:clear',
    wordpress:
      'All WordPress mail uses this connection. To test it, request a lost password on the sign-in page.',
    django: 'Test: python manage.py sendtestemail ada@example.com',
    springBoot: 'Requires spring-boot-starter-mail. Inject JavaMailSender to send.',
    dockerSmtp:
      'On Linux, a container cannot reach a loopback address. Start MailSage with MAILSAGE_HOST=0.0.0.0 and MAILSAGE_SMTP_STARTTLS=off on a trusted network. Docker Desktop needs no change.',
    dockerHttp:
      'Start MailSage with MAILSAGE_ALLOWED_HOSTS=host.docker.internal, because it accepts only known host names. On Linux, also set MAILSAGE_HOST=0.0.0.0 on a trusted network.',
  },
} as const
