import { createTransport } from 'nodemailer'

const { SMTP_PORT, SMTP_USER, SMTP_PASS, SUBJECT } = process.env
await createTransport({
  host: '127.0.0.1',
  port: Number(SMTP_PORT),
  ...(SMTP_USER ? { auth: { user: SMTP_USER, pass: SMTP_PASS } } : {}),
}).sendMail({ from: 'app@example.com', to: 'ann@example.com', subject: SUBJECT, text: 'x' })
