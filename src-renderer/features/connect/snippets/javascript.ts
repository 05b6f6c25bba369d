import { connectLabels } from '../labels.ts'
import { httpEnvironment, smtpEnvironment } from './environment.ts'
import type { Sample } from './sample.ts'

export const nodeFetch: Sample = {
  id: 'node-fetch',
  name: 'Node fetch',
  versions: [
    {
      protocol: 'selfmx',
      files: [
        httpEnvironment,
        {
          name: 'send.mjs',
          syntax: 'script',
          text: () => `const { MAILSAGE_URL, MAILSAGE_API_KEY } = process.env

const response = await fetch(\`\${MAILSAGE_URL}/v1/send\`, {
  method: 'POST',
  headers: {
    Authorization: \`Bearer \${MAILSAGE_API_KEY}\`,
    'Content-Type': 'application/json',
  },
  body: JSON.stringify({
    from: 'app@example.com',
    to: 'ada@example.com',
    subject: 'Hello from Node',
    html: '<h1>It works</h1>',
  }),
})
console.log(response.status, await response.json())`,
        },
      ],
      note: connectLabels.notes.node,
    },
    {
      protocol: 'mailsage',
      files: [
        httpEnvironment,
        {
          name: 'send.mjs',
          syntax: 'script',
          text: () => `const { MAILSAGE_URL, MAILSAGE_API_KEY } = process.env

const response = await fetch(\`\${MAILSAGE_URL}/api/v1/emails/send\`, {
  method: 'POST',
  headers: {
    Authorization: \`Bearer \${MAILSAGE_API_KEY}\`,
    'Content-Type': 'application/json',
  },
  body: JSON.stringify({
    recipient: { email: 'ada@example.com' },
    subject: 'Hello from Node',
    body: '<h1>It works</h1>',
  }),
})
console.log(response.status, await response.json())`,
        },
      ],
      note: connectLabels.notes.node,
    },
  ],
}

export const nodemailer: Sample = {
  id: 'nodemailer',
  name: 'Nodemailer',
  versions: [
    {
      protocol: 'smtp',
      files: [
        smtpEnvironment,
        {
          name: 'send.mjs',
          syntax: 'script',
          text: () => `import { createTransport } from 'nodemailer'

const { SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASS } = process.env

const transport = createTransport({
  host: SMTP_HOST,
  port: Number(SMTP_PORT),
  auth: { user: SMTP_USER, pass: SMTP_PASS },
})
await transport.sendMail({
  from: 'app@example.com',
  to: 'ada@example.com',
  subject: 'Hello from Nodemailer',
  html: '<h1>It works</h1>',
})`,
        },
      ],
      note: connectLabels.notes.node,
    },
  ],
}
