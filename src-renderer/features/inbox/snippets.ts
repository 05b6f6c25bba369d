import type { Settings } from '../../../src-main/contract/settings.ts'

export const snippetKinds = ['nodemailer', 'python', 'curl', 'swaks'] as const
export type SnippetKind = (typeof snippetKinds)[number]

type Addresses = Pick<Settings, 'host' | 'smtp_port' | 'url'>

/** A first message for each client, ready to run against this server. */
export const snippets: Readonly<Record<SnippetKind, (addresses: Addresses) => string>> = {
  nodemailer: ({ host, smtp_port }) => `import { createTransport } from 'nodemailer'

const transport = createTransport({ host: '${host}', port: ${smtp_port} })
await transport.sendMail({
  from: 'app@example.com',
  to: 'ada@example.com',
  subject: 'Hello from my app',
  html: '<h1>It works</h1>',
})`,
  python: ({ host, smtp_port }) => `import smtplib
from email.message import EmailMessage

message = EmailMessage()
message['From'] = 'app@example.com'
message['To'] = 'ada@example.com'
message['Subject'] = 'Hello from my app'
message.set_content('It works')

with smtplib.SMTP('${host}', ${smtp_port}) as smtp:
    smtp.send_message(message)`,
  curl: ({ url }) => `curl ${url}/v1/send \\
  -H "Authorization: Bearer $MAILSAGE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "from": "app@example.com",
    "to": "ada@example.com",
    "subject": "Hello from my app",
    "html": "<h1>It works</h1>"
  }'`,
  swaks: ({ host, smtp_port }) => `swaks --server ${host}:${smtp_port} \\
  --from app@example.com \\
  --to ada@example.com \\
  --header 'Subject: Hello from my app' \\
  --body 'It works'`,
}
