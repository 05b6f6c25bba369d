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
