import asyncio
import os
from email.message import EmailMessage

import aiosmtplib

message = EmailMessage()
message['From'], message['To'] = 'app@example.com', 'ann@example.com'
message['Subject'] = os.environ['SUBJECT']
message.set_content('x')

sign_in = {}
if os.environ['SMTP_USER']:
    sign_in = {'username': os.environ['SMTP_USER'], 'password': os.environ['SMTP_PASS']}
asyncio.run(
    aiosmtplib.send(message, hostname='127.0.0.1', port=int(os.environ['SMTP_PORT']), **sign_in)
)
