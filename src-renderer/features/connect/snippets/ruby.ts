import { smtpEnvironment } from './environment.ts'
import type { Sample } from './sample.ts'

export const rails: Sample = {
  id: 'rails',
  name: 'Rails ActionMailer',
  versions: [
    {
      protocol: 'smtp',
      files: [
        smtpEnvironment,
        {
          name: 'config/environments/development.rb',
          syntax: 'ruby',
          text: () => `config.action_mailer.delivery_method = :smtp
config.action_mailer.raise_delivery_errors = true
config.action_mailer.smtp_settings = {
  address: ENV['SMTP_HOST'],
  port: ENV['SMTP_PORT'].to_i,
  user_name: ENV['SMTP_USER'],
  password: ENV['SMTP_PASS'],
  authentication: :plain
}`,
        },
      ],
    },
  ],
}
