import { Buffer } from 'node:buffer'
import type { SendMailOptions } from 'nodemailer'

const leaf = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="180" viewBox="0 0 600 180">
<rect width="600" height="180" fill="#dfeee5"/><circle cx="470" cy="90" r="120" fill="#bcd9c8"/>
<path d="M380 140c20-80 90-110 170-110-10 80-70 130-170 110z" fill="#5b9a77"/>
<text x="40" y="84" font-family="Georgia, serif" font-size="34" fill="#1f3a2c">The Field Notes</text>
<text x="40" y="116" font-family="Georgia, serif" font-size="16" fill="#3d6150">Issue 48: what grows in winter</text></svg>`

const newsletter = `<!doctype html><html><body style="margin:0;background:#f3f5f3">
<table width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table width="600" cellpadding="0" cellspacing="0" style="max-width:600px;background:#fff;border-radius:8px;overflow:hidden;font-family:Georgia,serif;color:#24312a">
<tr><td><img src="cid:banner@field" width="600" alt="The Field Notes" style="display:block;width:100%"></td></tr>
<tr><td style="padding:28px 40px 8px;font-size:26px;line-height:32px">Kale, leeks and the art of waiting</td></tr>
<tr><td style="padding:0 40px 20px;font-size:16px;line-height:26px;color:#45554c">A frost sweetens what the summer left behind. This week: how to tell when a leek is ready, three soups for a long evening, and a letter from a reader in Tromsø.</td></tr>
<tr><td style="padding:0 40px 32px"><a href="https://example.com/issue/48" style="display:inline-block;background:#2f6b4d;color:#fff;text-decoration:none;padding:12px 22px;border-radius:6px;font-family:Arial,sans-serif;font-size:15px">Read the issue</a></td></tr>
<tr><td style="padding:20px 40px;border-top:1px solid #e4ebe6;font:13px/20px Arial,sans-serif;color:#6b7a71">You get this because you signed up at fieldnotes.example. <a href="https://example.com/u" style="color:#2f6b4d">Unsubscribe</a></td></tr>
</table></td></tr></table><img src="http://127.0.0.1:9/open.gif" width="1" height="1" alt=""></body></html>`

const receipt = `Thank you for your order.

  Order     #10482
  Date      21 November 2026
  ------------------------------------------
  2 x  Seed box, winter              € 24.00
  1 x  Dibber, ash handle            € 18.50
  ------------------------------------------
  Total                              € 66.50

Track it: https://shop.example.com/orders/10482
`

/** Typical mail in a developer's inbox, oldest first. */
export const typicalMails: readonly SendMailOptions[] = [
  {
    from: 'Calendar <calendar@meet.example>',
    subject: 'Invitation: Release review @ Mon 23 Nov 10:00',
    text: 'You are invited to Release review. Monday, 23 November, 10:00 to 10:45.',
    icalEvent: {
      method: 'REQUEST',
      content: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n',
    },
  },
  {
    from: 'Old Mailer <legacy@crm.example>',
    subject: 'Your account statement',
    html: '<table><tr><td><b>Dear customer<p>Your balance is <font color=red size=5>€ 12.40<table><td>unclosed <i>and crossed</b></i><div style="width:900px;background:#ffe">A very wide row that no phone will like</div>',
  },
  {
    from: 'ci@builds.example',
    subject:
      '[main] Build 2214 failed in 3 m 12 s: 2 tests failed, 1,184 passed, 3 skipped, coverage 91.2 % (down 0.1 %), see the log for the details',
    text: 'test/keys/rotate.test.ts\n  a rotated key keeps its old secret\n\n2 failed, 1184 passed',
  },
  {
    from: 'متجر النعناع <mint@store.example>',
    subject: 'تم تأكيد طلبك رقم ٤٢',
    html: '<div dir="rtl" style="font-family:sans-serif;padding:24px"><h2>شكراً لطلبك</h2><p>سيصل الطلب خلال ثلاثة أيام.</p></div>',
    text: 'شكراً لطلبك. سيصل الطلب خلال ثلاثة أيام.',
  },
  {
    from: 'Grace Hopper <grace@navy.example>',
    to: 'Ada Lovelace <ada@example.com>, Annie Easley <annie@example.com>',
    cc: 'Katherine Johnson <katherine@example.com>',
    bcc: ['archive@example.com', 'audit@example.com'],
    replyTo: 'Compilers <compilers@navy.example>',
    subject: 'Contract and figures for the second quarter',
    text: 'Dear Ada,\n\nattached are the contract and the figures. The spreadsheet has a second sheet.\n\nGrace',
    html: '<p>Dear Ada,</p><p>attached are the <b>contract</b> and the figures. The spreadsheet has a second sheet.</p><p>Grace</p>',
    attachments: [
      {
        filename: 'contract-2026-q2.pdf',
        content: Buffer.alloc(184_320, 'x'),
        contentType: 'application/pdf',
      },
      {
        filename: 'figures.xlsx',
        content: Buffer.alloc(48_200, 'x'),
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      },
      { filename: 'site-photo.png', content: Buffer.alloc(912_000, 'x'), contentType: 'image/png' },
      {
        filename: 'logs.zip',
        content: Buffer.alloc(2_400_000, 'x'),
        contentType: 'application/zip',
      },
    ],
  },
  {
    from: 'Auth <no-reply@auth.example>',
    subject: '🔐 Your sign-in code is 482 913',
    text: 'Your code is 482 913. It is good for ten minutes. 🕐',
  },
  {
    from: 'Shop <orders@shop.example.com>',
    subject: 'Receipt for order #10482',
    text: receipt,
  },
  {
    from: 'The Field Notes <letters@fieldnotes.example>',
    subject: 'Kale, leeks and the art of waiting 🌱',
    text: 'A frost sweetens what the summer left behind. This week: how to tell when a leek is ready.',
    html: newsletter,
    attachments: [
      { filename: 'banner.svg', content: leaf, contentType: 'image/svg+xml', cid: 'banner@field' },
    ],
  },
]

/** A typical mail, by a word of its subject. */
export function mailAbout(word: string): SendMailOptions {
  const found = typicalMails.find(({ subject }) => String(subject).includes(word))
  if (!found) throw new Error(`No mail about ${word}`)
  return found
}

/** A PNG of 1 × 1 pixel, in base64. */
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
