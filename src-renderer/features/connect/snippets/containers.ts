import type { Sample } from './sample.ts'

export const dockerCompose: Sample = {
  id: 'docker-compose',
  name: 'Docker Compose',
  versions: [
    {
      way: 'smtp',
      files: [
        {
          name: 'compose.yaml',
          syntax: 'yaml',
          text: ({ host, smtpPort }, key) => `services:
  app:
    build: .
    # MailSage listens on ${host}; inside a container that is another machine.
    extra_hosts:
      - host.docker.internal:host-gateway
    environment:
      SMTP_HOST: host.docker.internal
      SMTP_PORT: ${smtpPort}
      SMTP_USER: mailsage
      SMTP_PASS: ${key}`,
        },
      ],
      note: 'On Linux a container cannot reach a loopback address: start MailSage with MAILSAGE_HOST=0.0.0.0 on a network you trust. Docker Desktop needs no change.',
    },
    {
      way: 'selfmx',
      files: [
        {
          name: 'compose.yaml',
          syntax: 'yaml',
          text: ({ host, httpPort }, key) => `services:
  app:
    build: .
    # MailSage listens on ${host}; inside a container that is another machine.
    extra_hosts:
      - host.docker.internal:host-gateway
    environment:
      MAILSAGE_URL: http://host.docker.internal:${httpPort}
      MAILSAGE_API_KEY: ${key}`,
        },
      ],
      note: 'Start MailSage with MAILSAGE_ALLOWED_HOSTS=host.docker.internal: it answers only to names it knows. On Linux also MAILSAGE_HOST=0.0.0.0, on a network you trust.',
    },
  ],
}
