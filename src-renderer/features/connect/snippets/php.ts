import { connectLabels } from '../labels.ts'
import { httpEnvironment, smtpEnvironment } from './environment.ts'
import type { Sample } from './sample.ts'

export const php: Sample = {
  id: 'php',
  name: 'PHP',
  versions: [
    {
      protocol: 'selfmx',
      files: [
        httpEnvironment,
        {
          name: 'send.php',
          syntax: 'script',
          text: () => `<?php
$curl = curl_init(getenv('MAILSAGE_URL') . '/v1/send');
curl_setopt_array($curl, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => [
        'Authorization: Bearer ' . getenv('MAILSAGE_API_KEY'),
        'Content-Type: application/json',
    ],
    CURLOPT_POSTFIELDS => json_encode([
        'from' => 'app@example.com',
        'to' => 'ada@example.com',
        'subject' => 'Hello from PHP',
        'html' => '<h1>It works</h1>',
    ]),
]);
echo curl_exec($curl);`,
        },
      ],
    },
    {
      protocol: 'mailsage',
      files: [
        httpEnvironment,
        {
          name: 'send.php',
          syntax: 'script',
          text: () => `<?php
$curl = curl_init(getenv('MAILSAGE_URL') . '/api/v1/emails/send');
curl_setopt_array($curl, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => [
        'Authorization: Bearer ' . getenv('MAILSAGE_API_KEY'),
        'Content-Type: application/json',
    ],
    CURLOPT_POSTFIELDS => json_encode([
        'recipient' => ['email' => 'ada@example.com'],
        'subject' => 'Hello from PHP',
        'body' => '<h1>It works</h1>',
    ]),
]);
echo curl_exec($curl);`,
        },
      ],
    },
    {
      protocol: 'smtp',
      files: [
        smtpEnvironment,
        {
          name: 'send.php',
          syntax: 'script',
          text: () => `<?php
use PHPMailer\\PHPMailer\\PHPMailer;

require 'vendor/autoload.php';

$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->Host = getenv('SMTP_HOST');
$mail->Port = (int) getenv('SMTP_PORT');
$mail->SMTPAuth = true;
$mail->Username = getenv('SMTP_USER');
$mail->Password = getenv('SMTP_PASS');
$mail->setFrom('app@example.com');
$mail->addAddress('ada@example.com');
$mail->Subject = 'Hello from PHP';
$mail->Body = 'It works';
$mail->send();`,
        },
      ],
      note: connectLabels.notes.phpMailer,
    },
  ],
}

export const laravel: Sample = {
  id: 'laravel',
  name: 'Laravel',
  versions: [
    {
      protocol: 'smtp',
      files: [
        {
          name: '.env',
          syntax: 'env',
          text: ({ host, smtpPort }, key) => `MAIL_MAILER=smtp
MAIL_HOST=${host}
MAIL_PORT=${smtpPort}
MAIL_USERNAME=mailsage
MAIL_PASSWORD=${key}
MAIL_FROM_ADDRESS=app@example.com
MAIL_FROM_NAME="\${APP_NAME}"`,
        },
      ],
      note: connectLabels.notes.laravel,
    },
  ],
}

export const wordpress: Sample = {
  id: 'wordpress',
  name: 'WordPress',
  versions: [
    {
      protocol: 'smtp',
      files: [
        {
          name: 'wp-content/mu-plugins/mailsage.php',
          syntax: 'script',
          text: ({ host, smtpPort }, key) => `<?php
/* Plugin Name: Mail through MailSage */
add_action('phpmailer_init', function ($mail) {
    $mail->isSMTP();
    $mail->Host = '${host}';
    $mail->Port = ${smtpPort};
    $mail->SMTPAuth = true;
    $mail->Username = 'mailsage';
    $mail->Password = '${key}';
});`,
        },
      ],
      note: connectLabels.notes.wordpress,
    },
  ],
}
