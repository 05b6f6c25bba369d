import { connectLabels } from '../labels.ts'
import { httpEnvironment, smtpEnvironment } from './environment.ts'
import type { Sample } from './sample.ts'

export const springBoot: Sample = {
  id: 'spring-boot',
  name: 'Spring Boot',
  versions: [
    {
      protocol: 'smtp',
      files: [
        {
          name: 'application.properties',
          syntax: 'properties',
          text: ({ host, smtpPort }, key) => `spring.mail.host=${host}
spring.mail.port=${smtpPort}
spring.mail.username=mailsage
spring.mail.password=${key}
spring.mail.properties.mail.smtp.auth=true
spring.mail.properties.mail.smtp.starttls.enable=false`,
        },
      ],
      note: connectLabels.notes.springBoot,
    },
  ],
}

export const go: Sample = {
  id: 'go',
  name: 'Go net/smtp',
  versions: [
    {
      protocol: 'smtp',
      files: [
        smtpEnvironment,
        {
          name: 'main.go',
          syntax: 'script',
          text: () => `package main

import (
	"fmt"
	"log"
	"net/smtp"
	"os"
)

func main() {
	host := os.Getenv("SMTP_HOST")
	// smtp.SendMail rejects a self-signed certificate, so it is not used here.
	client, err := smtp.Dial(host + ":" + os.Getenv("SMTP_PORT"))
	check(err)
	check(client.Auth(smtp.PlainAuth("", os.Getenv("SMTP_USER"), os.Getenv("SMTP_PASS"), host)))
	check(client.Mail("app@example.com"))
	check(client.Rcpt("ada@example.com"))
	body, err := client.Data()
	check(err)
	fmt.Fprint(body, "From: app@example.com\\r\\nTo: ada@example.com\\r\\n"+
		"Subject: Hello from Go\\r\\n\\r\\nIt works\\r\\n")
	check(body.Close())
	check(client.Quit())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}`,
        },
      ],
    },
  ],
}

export const dotnet: Sample = {
  id: 'dotnet',
  name: '.NET',
  versions: [
    {
      protocol: 'selfmx',
      files: [
        httpEnvironment,
        {
          name: 'Program.cs',
          syntax: 'script',
          text: () => `using System.Net.Http.Headers;
using System.Net.Http.Json;

using var client = new HttpClient();
client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
    "Bearer", Environment.GetEnvironmentVariable("MAILSAGE_API_KEY"));

var response = await client.PostAsJsonAsync(
    Environment.GetEnvironmentVariable("MAILSAGE_URL") + "/v1/send",
    new
    {
        from = "app@example.com",
        to = "ada@example.com",
        subject = "Hello from .NET",
        html = "<h1>It works</h1>",
    });
Console.WriteLine(await response.Content.ReadAsStringAsync());`,
        },
      ],
    },
    {
      protocol: 'smtp',
      files: [
        smtpEnvironment,
        {
          name: 'Program.cs',
          syntax: 'script',
          text: () => `using System.Net;
using System.Net.Mail;

string Env(string name) => Environment.GetEnvironmentVariable(name)!;

using var client = new SmtpClient(Env("SMTP_HOST"), int.Parse(Env("SMTP_PORT")))
{
    Credentials = new NetworkCredential(Env("SMTP_USER"), Env("SMTP_PASS")),
    EnableSsl = false,
};
client.Send("app@example.com", "ada@example.com", "Hello from .NET", "It works");`,
        },
      ],
    },
  ],
}
