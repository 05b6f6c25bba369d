type Shell = {
  /** The preview line that a mail client shows beside the subject. */
  readonly preheader: string
  readonly brand: string
  readonly body: string
  readonly footer: string
}

/**
 * The HTML around every starter. Old Outlook versions lay out tables only. Some clients drop the
 * head, so styles are inline and the head holds only enhancements.
 */
export function inShell({ preheader, brand, body, footer }: Shell): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>${brand}</title>
    <style>
      @media (max-width: 600px) {
        .card { padding: 28px 22px !important; }
      }
      @media (prefers-color-scheme: dark) {
        .page { background: #14171c !important; }
        .card { background: #1e232b !important; border-color: #2c333d !important; }
        .ink { color: #eef1f5 !important; }
        .soft { color: #a4afbd !important; }
        .panel { background: #272e38 !important; border-color: #343d49 !important; }
        .rule { border-color: #2c333d !important; }
      }
    </style>
  </head>
  <body class="page" style="margin: 0; padding: 0; background: #f2f4f7;">
    <div style="display: none; max-height: 0; overflow: hidden;">${preheader}</div>
    <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background: #f2f4f7;">
      <tr>
        <td align="center" style="padding: 32px 12px;">
          <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width: 560px; font-family: -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif;">
            <tr>
              <td class="ink" style="padding: 0 4px 16px; font-size: 17px; font-weight: 700; letter-spacing: -0.01em; color: #18202b;">${brand}</td>
            </tr>
            <tr>
              <td class="card" style="padding: 40px; background: #ffffff; border: 1px solid #e3e7ec; border-radius: 12px;">
${body}
              </td>
            </tr>
            <tr>
              <td class="soft" style="padding: 20px 4px 0; font-size: 13px; line-height: 20px; color: #657083;">${footer}</td>
            </tr>
          </table>
        </td>
      </tr>
    </table>
  </body>
</html>
`
}

export const heading = (text: string): string =>
  `                <h1 class="ink" style="margin: 0 0 12px; font-size: 24px; line-height: 32px; font-weight: 700; letter-spacing: -0.015em; color: #18202b;">${text}</h1>`

export const paragraph = (text: string, below = 20): string =>
  `                <p class="soft" style="margin: 0 0 ${below}px; font-size: 16px; line-height: 25px; color: #465062;">${text}</p>`

export const button = (text: string, url: string): string =>
  `                <table role="presentation" cellpadding="0" cellspacing="0" style="margin: 4px 0 8px;">
                  <tr>
                    <td style="background: #2c6b4f; border-radius: 8px;">
                      <a href="${url}" style="display: inline-block; padding: 12px 22px; font-size: 15px; font-weight: 600; color: #ffffff; text-decoration: none;">${text}</a>
                    </td>
                  </tr>
                </table>`
