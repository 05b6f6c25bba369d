const documents = [
  ['all', 'Everything', '/openapi.json'],
  ['native', 'Native, SelfMX', '/openapi/native.json'],
  ['mailsage', 'MailSage', '/openapi/mailsage.json'],
] as const

export function docsPage(api: string): string {
  const [chosen = documents[0]] = documents.filter(([name]) => name === api)
  const links = documents.map(([name, title]) => {
    const current = name === chosen[0] ? ' aria-current="page"' : ''
    return `<a href="/docs?api=${name}"${current}>${title}</a>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>MailSage API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
<script defer src="/docs/swagger-ui-bundle.js"></script>
<script defer src="/docs/page.js"></script>
</head>
<body>
<header>
<h1>MailSage API</h1>
<nav aria-label="APIs">${links.join('')}</nav>
<form id="sign-in"><label>Key <input id="key" type="password" autocomplete="off" spellcheck="false" placeholder="ms_test_…"></label></form>
</header>
<main id="api" data-document="${chosen[2]}"></main>
</body>
</html>
`
}

export const docsStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #1c2022);
  --text: light-dark(#1a1d23, #e6e8ec);
  --quiet: light-dark(#5b6270, #a9b0bc);
  --line: light-dark(#d9dde4, #3b424c);
  --accent: light-dark(#4338ca, #a5b4fc);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif; }
header {
  position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center;
  gap: 8px 24px; padding: 10px 20px; border-bottom: 1px solid var(--line); background: var(--page);
}
h1 { margin: 0; font-size: 16px; }
nav { display: flex; gap: 4px; }
nav a { padding: 4px 10px; border-radius: 6px; color: var(--quiet); text-decoration: none; }
nav a:hover { color: var(--text); }
nav a[aria-current] { color: var(--accent); font-weight: 600; }
#sign-in { margin-left: auto; color: var(--quiet); }
#key {
  width: 260px; max-width: 60vw; margin-left: 8px; padding: 5px 9px; border: 1px solid var(--line);
  border-radius: 6px; background: transparent; color: var(--text); font: inherit;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.swagger-ui .wrapper { max-width: 1200px; }
.swagger-ui .scheme-container, .swagger-ui .authorization__btn, .swagger-ui .info .title { display: none; }
.swagger-ui .info { margin: 20px 0 0; }
`

/** The key is sent with tried requests and not stored. */
export const docsScript = `
const dark = matchMedia('(prefers-color-scheme: dark)')
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
paint()
dark.addEventListener('change', paint)

const key = document.querySelector('#key')
document.querySelector('#sign-in').addEventListener('submit', (event) => event.preventDefault())

SwaggerUIBundle({
  url: document.querySelector('#api').dataset.document,
  dom_id: '#api',
  validatorUrl: null,
  filter: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  defaultModelExpandDepth: 3,
  displayRequestDuration: true,
  requestSnippetsEnabled: true,
  deepLinking: true,
  tryItOutEnabled: true,
  requestInterceptor(request) {
    const typed = key.value.trim()
    if (typed !== '') request.headers.Authorization = 'Bearer ' + typed
    return request
  },
})
`
