package main

import (
	"log"
	"net/smtp"
	"os"
)

func main() {
	var auth smtp.Auth
	if user := os.Getenv("SMTP_USER"); user != "" {
		auth = smtp.PlainAuth("", user, os.Getenv("SMTP_PASS"), "127.0.0.1")
	}
	message := "Subject: " + os.Getenv("SUBJECT") + "\r\n\r\nx\r\n"
	err := smtp.SendMail("127.0.0.1:"+os.Getenv("SMTP_PORT"), auth,
		"app@example.com", []string{"ann@example.com"}, []byte(message))
	if err != nil {
		log.Fatal(err)
	}
}
