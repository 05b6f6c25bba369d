"""Sends one message with smtplib: send.py PORT KEY-OR-EMPTY plain|starttls"""

import smtplib
import ssl
import sys
from email.message import EmailMessage

port, key, way = int(sys.argv[1]), sys.argv[2], sys.argv[3]

message = EmailMessage()
message["From"] = "App <app@example.com>"
message["To"] = "ann@example.com"
message["Subject"] = f"smtplib {way}"
message.set_content("Grüße\n.\nfrom Python\n")

with smtplib.SMTP("127.0.0.1", port) as server:
    if way == "starttls":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        server.starttls(context=context)
    if key:
        server.login("mailsage", key)
    server.send_message(message)
