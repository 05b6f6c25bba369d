import { connectLabels } from '../labels.ts'
import type { Sample } from './sample.ts'

export const dockerCompose: Sample = {
  id: 'docker-compose',
  name: 'Docker Compose',
  versions: [
    {
      protocol: 'smtp',
      files: [
        {
          name: 'compose.yaml',
          syntax: 'yaml',
          text: ({ host, smtpPort }, key) => `services:
  app:
    build: .
    # MailSage listens on ${host}, which a container cannot reach directly.
    extra_hosts:
      - host.docker.internal:host-gateway
    environment:
      SMTP_HOST: host.docker.internal
      SMTP_PORT: ${smtpPort}
      SMTP_USER: mailsage
      SMTP_PASS: ${key}`,
        },
      ],
      note: connectLabels.notes.dockerSmtp,
    },
    {
      protocol: 'selfmx',
      files: [
        {
          name: 'compose.yaml',
          syntax: 'yaml',
          text: ({ host, httpPort }, key) => `services:
  app:
    build: .
    # MailSage listens on ${host}, which a container cannot reach directly.
    extra_hosts:
      - host.docker.internal:host-gateway
    environment:
      MAILSAGE_URL: http://host.docker.internal:${httpPort}
      MAILSAGE_API_KEY: ${key}`,
        },
      ],
      note: connectLabels.notes.dockerHttp,
    },
  ],
}
