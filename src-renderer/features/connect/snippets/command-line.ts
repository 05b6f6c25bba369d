import type { Sample } from './sample.ts'

export const curl: Sample = {
  id: 'curl',
  name: 'curl',
  versions: [
    {
      protocol: 'selfmx',
      files: [
        {
          name: 'Terminal',
          syntax: 'shell',
          text: ({ url }, key) => `curl ${url}/v1/send \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{
    "from": "app@example.com",
    "to": "ada@example.com",
    "subject": "Hello from curl",
    "html": "<h1>It works</h1>"
  }'`,
        },
      ],
    },
    {
      protocol: 'mailsage',
      files: [
        {
          name: 'Terminal',
          syntax: 'shell',
          text: ({ url }, key) => `curl ${url}/api/v1/emails/send \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{
    "recipient": { "email": "ada@example.com" },
    "subject": "Hello from curl",
    "body": "<h1>It works</h1>"
  }'`,
        },
      ],
    },
    {
      protocol: 'smtp',
      files: [
        {
          name: 'Terminal',
          syntax: 'shell',
          text: ({ host, smtpPort }, key) => `curl smtp://${host}:${smtpPort} \\
  --user 'mailsage:${key}' \\
  --mail-from app@example.com \\
  --mail-rcpt ada@example.com \\
  --upload-file - <<'END'
From: app@example.com
To: ada@example.com
Subject: Hello from curl

It works
END`,
        },
      ],
    },
  ],
}

export const swaks: Sample = {
  id: 'swaks',
  name: 'swaks',
  versions: [
    {
      protocol: 'smtp',
      files: [
        {
          name: 'Terminal',
          syntax: 'shell',
          text: ({ host, smtpPort }, key) => `swaks --server ${host}:${smtpPort} \\
  --auth PLAIN --auth-user mailsage --auth-password '${key}' \\
  --from app@example.com \\
  --to ada@example.com \\
  --header 'Subject: Hello from swaks' \\
  --body 'It works'`,
        },
      ],
    },
  ],
}
