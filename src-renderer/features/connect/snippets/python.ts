import { connectLabels } from '../labels.ts'
import { httpEnvironment, smtpEnvironment } from './environment.ts'
import type { Sample } from './sample.ts'

export const pythonRequests: Sample = {
  id: 'python-requests',
  name: 'Python requests',
  versions: [
    {
      protocol: 'selfmx',
      files: [
        httpEnvironment,
        {
          name: 'send.py',
          syntax: 'python',
          text: () => `import os
import requests

response = requests.post(
    os.environ['MAILSAGE_URL'] + '/v1/send',
    headers={'Authorization': 'Bearer ' + os.environ['MAILSAGE_API_KEY']},
    json={
        'from': 'app@example.com',
        'to': 'ada@example.com',
        'subject': 'Hello from Python',
        'html': '<h1>It works</h1>',
    },
)
print(response.json())`,
        },
      ],
    },
    {
      protocol: 'mailsage',
      files: [
        httpEnvironment,
        {
          name: 'send.py',
          syntax: 'python',
          text: () => `import os
import requests

response = requests.post(
    os.environ['MAILSAGE_URL'] + '/api/v1/emails/send',
    headers={'Authorization': 'Bearer ' + os.environ['MAILSAGE_API_KEY']},
    json={
        'recipient': {'email': 'ada@example.com'},
        'subject': 'Hello from Python',
        'body': '<h1>It works</h1>',
    },
)
print(response.json())`,
        },
      ],
    },
  ],
}

export const pythonSmtplib: Sample = {
  id: 'python-smtplib',
  name: 'Python smtplib',
  versions: [
    {
      protocol: 'smtp',
      files: [
        smtpEnvironment,
        {
          name: 'send.py',
          syntax: 'python',
          text: () => `import os
import smtplib
from email.message import EmailMessage

message = EmailMessage()
message['From'] = 'app@example.com'
message['To'] = 'ada@example.com'
message['Subject'] = 'Hello from Python'
message.set_content('It works')

with smtplib.SMTP(os.environ['SMTP_HOST'], int(os.environ['SMTP_PORT'])) as smtp:
    smtp.login(os.environ['SMTP_USER'], os.environ['SMTP_PASS'])
    smtp.send_message(message)`,
        },
      ],
    },
  ],
}

export const django: Sample = {
  id: 'django',
  name: 'Django',
  versions: [
    {
      protocol: 'smtp',
      files: [
        smtpEnvironment,
        {
          name: 'settings.py',
          syntax: 'python',
          text: () => `import os

EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'
EMAIL_HOST = os.environ['SMTP_HOST']
EMAIL_PORT = int(os.environ['SMTP_PORT'])
EMAIL_HOST_USER = os.environ['SMTP_USER']
EMAIL_HOST_PASSWORD = os.environ['SMTP_PASS']
DEFAULT_FROM_EMAIL = 'app@example.com'`,
        },
      ],
      note: connectLabels.notes.django,
    },
  ],
}

export const flaskMail: Sample = {
  id: 'flask-mail',
  name: 'Flask-Mail',
  versions: [
    {
      protocol: 'smtp',
      files: [
        smtpEnvironment,
        {
          name: 'app.py',
          syntax: 'python',
          text: () => `import os
from flask import Flask
from flask_mail import Mail, Message

app = Flask(__name__)
app.config.update(
    MAIL_SERVER=os.environ['SMTP_HOST'],
    MAIL_PORT=int(os.environ['SMTP_PORT']),
    MAIL_USERNAME=os.environ['SMTP_USER'],
    MAIL_PASSWORD=os.environ['SMTP_PASS'],
    MAIL_DEFAULT_SENDER='app@example.com',
)
mail = Mail(app)

with app.app_context():
    mail.send(Message('Hello from Flask', recipients=['ada@example.com'], body='It works'))`,
        },
      ],
    },
  ],
}
