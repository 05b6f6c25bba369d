import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../contract/faults.ts'
import { docsPage, docsScript, docsStyle } from './docs-page.ts'
import { Content } from './route.ts'

export const docsFiles = ['swagger-ui-bundle.js', 'swagger-ui.css', 'page.js', 'page.css'] as const
type DocsFile = (typeof docsFiles)[number]

/** Nothing from elsewhere, and no request to elsewhere: a key is typed into this page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page that shows the API and tries it, of one dialect or all. */
export function docs(api: string | undefined): Content {
  return new Content('text/html; charset=utf-8', docsPage(api), {
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  })
}

export function docsFile(file: DocsFile): Content {
  const type = file.endsWith('.css') ? 'text/css' : 'text/javascript'
  return new Content(`${type}; charset=utf-8`, bodyOf(file), { 'cache-control': 'no-cache' })
}

const loaded = new Map<DocsFile, Buffer>()

function bodyOf(file: DocsFile): Buffer | string {
  if (file === 'page.js') return docsScript
  if (file === 'page.css') return docsStyle
  const known = loaded.get(file) ?? readFileSync(find(file))
  loaded.set(file, known)
  return known
}

/** Built, it lies beside the built server; from source, where the package has it. */
function find(file: DocsFile): string {
  const folders = ['../docs', '../../node_modules/swagger-ui-dist']
  const found = folders
    .map((folder) => join(import.meta.dirname, folder, file))
    .find((path) => existsSync(path))
  if (found) return found
  throw new Fault('not_found', 'The page is not built. Build it with “npm run build”.')
}
