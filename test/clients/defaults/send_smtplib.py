import os
import smtplib
from email.message import EmailMessage

message = EmailMessage()
message['From'], message['To'] = 'app@example.com', 'ann@example.com'
message['Subject'] = os.environ['SUBJECT']
message.set_content('x')

with smtplib.SMTP('127.0.0.1', int(os.environ['SMTP_PORT'])) as smtp:
    if os.environ['SMTP_USER']:
        smtp.login(os.environ['SMTP_USER'], os.environ['SMTP_PASS'])
    smtp.send_message(message)
