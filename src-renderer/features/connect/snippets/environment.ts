import type { CodeFile } from './sample.ts'

/** What code that speaks HTTP reads from its environment. */
export const httpEnvironment: CodeFile = {
  name: '.env',
  syntax: 'env',
  text: ({ url }, key) => `MAILSAGE_URL=${url}
MAILSAGE_API_KEY=${key}`,
}

/** What code that speaks SMTP reads from its environment. */
export const smtpEnvironment: CodeFile = {
  name: '.env',
  syntax: 'env',
  text: ({ host, smtpPort }, key) => `SMTP_HOST=${host}
SMTP_PORT=${smtpPort}
SMTP_USER=mailsage
SMTP_PASS=${key}`,
}
