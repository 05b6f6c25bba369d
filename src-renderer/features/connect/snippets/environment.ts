import type { CodeFile } from './sample.ts'

/** The environment of samples that use HTTP. */
export const httpEnvironment: CodeFile = {
  name: '.env',
  syntax: 'env',
  text: ({ url }, key) => `MAILSAGE_URL=${url}
MAILSAGE_API_KEY=${key}`,
}

/** The environment of samples that use SMTP. */
export const smtpEnvironment: CodeFile = {
  name: '.env',
  syntax: 'env',
  text: ({ host, smtpPort }, key) => `SMTP_HOST=${host}
SMTP_PORT=${smtpPort}
SMTP_USER=mailsage
SMTP_PASS=${key}`,
}
