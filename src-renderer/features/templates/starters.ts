import type { TemplateEngine } from '../../../src-main/contract/templates.ts'
import { templatesLabels } from './labels.ts'
import { button, heading, inShell, paragraph } from './starter-shell.ts'

type Content = {
  readonly subject: string
  readonly html: string
  readonly variables: readonly string[]
}

type Starter = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly name: string
  readonly make: (engine: TemplateEngine) => Content
}

export const starters: readonly Starter[] = [
  {
    id: 'blank',
    title: templatesLabels.starters.blank,
    description: templatesLabels.starters.blankHint,
    name: 'new-template',
    make: () => ({
      subject: 'Hello {{ name }}',
      html: '<p>Hello {{ name }},</p>\n<p>Write your message here.</p>\n',
      variables: ['name'],
    }),
  },
  {
    id: 'password-reset',
    title: templatesLabels.starters.passwordReset,
    description: templatesLabels.starters.passwordResetHint,
    name: 'password-reset',
    make: () => passwordReset,
  },
  {
    id: 'receipt',
    title: templatesLabels.starters.receipt,
    description: templatesLabels.starters.receiptHint,
    name: 'receipt',
    make: (engine) => receipt(loops[engine]),
  },
  {
    id: 'newsletter',
    title: templatesLabels.starters.newsletter,
    description: templatesLabels.starters.newsletterHint,
    name: 'newsletter',
    make: (engine) => newsletter(loops[engine]),
  },
]

type Loop = (list: string, render: (field: (name: string) => string) => string) => string

const loopOverItems: Loop = (list, render) =>
  `{% for item in ${list} %}\n${render((name) => `{{ item.${name} }}`)}\n                  {% endfor %}`

/** The engines share the syntax of variables, but not of loops. */
const loops: Readonly<Record<TemplateEngine, Loop>> = {
  handlebars: (list, render) =>
    `{{#each ${list}}}\n${render((name) => `{{ ${name} }}`)}\n                  {{/each}}`,
  jinja: loopOverItems,
  liquid: loopOverItems,
}

const passwordReset: Content = {
  subject: '{{ code }} is your {{ company }} code',
  variables: ['name', 'company', 'code', 'reset_url', 'expires_minutes'],
  html: inShell({
    preheader:
      'Use {{ code }} to choose a new password. It expires in {{ expires_minutes }} minutes.',
    brand: '{{ company }}',
    body: [
      heading('Choose a new password'),
      paragraph(
        'Hello {{ name }}, someone asked to change the password of your account. Enter this code or use the button below.',
      ),
      `                <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin: 0 0 24px;">
                  <tr>
                    <td class="panel ink" align="center" style="padding: 18px 12px; background: #f4f7f5; border: 1px solid #dfe7e2; border-radius: 10px; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 32px; line-height: 40px; font-weight: 700; letter-spacing: 6px; color: #18202b;">{{ code }}</td>
                  </tr>
                </table>`,
      button('Choose a new password', '{{ reset_url }}'),
      paragraph(
        'The code works once and expires in {{ expires_minutes }} minutes. If you did not ask for it, ignore this message. Your password stays the same.',
        0,
      ).replace('margin: 0 0 0px', 'margin: 20px 0 0'),
    ].join('\n'),
    footer: 'You receive this message because of a sign-in request at {{ company }}.',
  }),
}

const cell = 'padding: 12px 0; font-size: 15px; line-height: 22px;'

function receipt(loop: Loop): Content {
  const row = (field: (name: string) => string) => `                  <tr>
                    <td class="ink rule" style="${cell} border-bottom: 1px solid #e3e7ec; color: #18202b;">${field('name')}<br><span class="soft" style="font-size: 13px; color: #657083;">Quantity ${field('quantity')}</span></td>
                    <td class="ink rule" align="right" valign="top" style="${cell} border-bottom: 1px solid #e3e7ec; color: #18202b;">${field('price')}</td>
                  </tr>`
  const sum = (title: string, value: string) => `                  <tr>
                    <td class="soft" style="padding: 10px 0 0; font-size: 14px; color: #657083;">${title}</td>
                    <td class="soft" align="right" style="padding: 10px 0 0; font-size: 14px; color: #657083;">${value}</td>
                  </tr>`
  return {
    subject: 'Your receipt from {{ company }}, order {{ order_number }}',
    variables: [
      'name',
      'company',
      'order_number',
      'order_date',
      'items',
      'subtotal',
      'tax',
      'total',
      'order_url',
    ],
    html: inShell({
      preheader: '{{ total }} for order {{ order_number }}. Thank you.',
      brand: '{{ company }}',
      body: [
        heading('Thank you, {{ name }}'),
        paragraph('We received your payment for order {{ order_number }} of {{ order_date }}.', 16),
        `                <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin: 0 0 24px;">
                  ${loop('items', row)}
${sum('Subtotal', '{{ subtotal }}')}
${sum('Tax', '{{ tax }}')}
                  <tr>
                    <td class="ink" style="padding: 14px 0 0; font-size: 17px; font-weight: 700; color: #18202b;">Total</td>
                    <td class="ink" align="right" style="padding: 14px 0 0; font-size: 17px; font-weight: 700; color: #18202b;">{{ total }}</td>
                  </tr>
                </table>`,
        button('View your order', '{{ order_url }}'),
      ].join('\n'),
      footer: 'Keep this message as your receipt. Questions? Reply to this email.',
    }),
  }
}

function newsletter(loop: Loop): Content {
  const article = (field: (name: string) => string) => `                  <tr>
                    <td class="rule" style="padding: 20px 0; border-top: 1px solid #e3e7ec;">
                      <a class="ink" href="${field('url')}" style="font-size: 17px; line-height: 24px; font-weight: 600; color: #18202b; text-decoration: none;">${field('title')}</a>
                      <p class="soft" style="margin: 6px 0 0; font-size: 15px; line-height: 23px; color: #465062;">${field('summary')}</p>
                    </td>
                  </tr>`
  return {
    subject: '{{ company }}: {{ headline }}',
    variables: [
      'company',
      'issue_date',
      'headline',
      'intro',
      'lead_url',
      'articles',
      'unsubscribe_url',
    ],
    html: inShell({
      preheader: '{{ intro }}',
      brand: '{{ company }}',
      body: [
        `                <p style="margin: 0 0 8px; font-size: 13px; line-height: 20px; font-weight: 600; color: #39775a;">{{ issue_date }}</p>`,
        heading('{{ headline }}'),
        paragraph('{{ intro }}'),
        button('Read the story', '{{ lead_url }}'),
        `                <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin: 28px 0 0;">
                  ${loop('articles', article)}
                </table>`,
      ].join('\n'),
      footer:
        'You subscribed to this newsletter. <a class="soft" href="{{ unsubscribe_url }}" style="color: #657083;">Unsubscribe</a>',
    }),
  }
}
