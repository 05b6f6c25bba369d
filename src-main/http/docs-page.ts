const documents = [
  ['all', 'Everything', '/openapi.json'],
  ['native', 'Native, SelfMX', '/openapi/native.json'],
  ['mailsage', 'MailSage', '/openapi/mailsage.json'],
] as const

/** The pages of docs/ by their file names, in the order of the menu. */
export const guideTitles = {
  sending: 'Sending',
  templates: 'Templates',
  'live-mail': 'Live mail',
  window: 'The window',
  'command-line': 'Command line',
  package: 'npm package and Docker',
  settings: 'Settings',
  storage: 'Storage',
  api: 'Endpoints',
  architecture: 'Architecture',
  development: 'Development',
  libraries: 'Libraries',
} as const
export type GuidePage = keyof typeof guideTitles

/** The page that shows the API of one dialect or of all, and runs requests. */
export function explorerHtml(api: string): string {
  const [chosen = documents[0]] = documents.filter(([name]) => name === api)
  const links = documents.map(([name, title]) =>
    linkTo(`/docs?api=${name}`, title, name === chosen[0]),
  )
  return pageHtml({
    title: 'MailSage API',
    head: `<link rel="stylesheet" href="/docs/swagger-ui.css">
<script defer src="/docs/swagger-ui-bundle.js"></script>
<script defer src="/docs/page.js"></script>`,
    header: `<h1>MailSage API</h1>
<nav aria-label="APIs">${links.join('')}</nav>
<nav aria-label="Guides">${linkTo('/docs/sending', 'Guides', false)}</nav>
<form id="sign-in"><label>Key <input id="key" type="password" autocomplete="off" spellcheck="false" placeholder="ms_test_…"></label></form>`,
    body: `<main id="api" data-document="${chosen[2]}"></main>`,
  })
}

/** A page of docs/ beside the menu of all pages. */
export function guideHtml(page: GuidePage, article: string): string {
  const links = Object.entries(guideTitles).map(([name, title]) =>
    linkTo(`/docs/${name}`, title, name === page),
  )
  return pageHtml({
    title: `${guideTitles[page]} · MailSage`,
    head: '',
    header: `<a class="brand" href="/">MailSage</a>
<nav aria-label="APIs">${linkTo('/docs', 'Try the API', false)}</nav>`,
    body: `<div id="guide">
<nav aria-label="Pages">${links.join('')}</nav>
<main><article>${article}</article></main>
</div>`,
  })
}

type Page = Readonly<Record<'title' | 'head' | 'header' | 'body', string>>

const pageHtml = ({ title, head, header, body }: Page) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
${head}
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<header>
${header}
</header>
${body}
</body>
</html>
`

const linkTo = (address: string, text: string, isCurrent: boolean): string =>
  `<a href="${address}"${isCurrent ? ' aria-current="page"' : ''}>${text}</a>`
