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
spring.mail.properties.mail.smtp.auth=true`,
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
	"log"
	"net/smtp"
	"os"
)

func main() {
	host := os.Getenv("SMTP_HOST")
	auth := smtp.PlainAuth("", os.Getenv("SMTP_USER"), os.Getenv("SMTP_PASS"), host)
	message := "From: app@example.com\\r\\nTo: ada@example.com\\r\\n" +
		"Subject: Hello from Go\\r\\n\\r\\nIt works\\r\\n"
	err := smtp.SendMail(host+":"+os.Getenv("SMTP_PORT"), auth,
		"app@example.com", []string{"ada@example.com"}, []byte(message))
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
};
client.Send("app@example.com", "ada@example.com", "Hello from .NET", "It works");`,
        },
      ],
    },
  ],
}
