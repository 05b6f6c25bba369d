import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../contract/faults.ts'
import { explorerHtml, type GuidePage, guideHtml, guideTitles } from './docs-page.ts'
import { docsScript } from './docs-script.ts'
import { docsStyle } from './docs-style.ts'
import { fixedContent } from './fixed-content.ts'
import type { Content } from './route.ts'

export const docsPages = Object.keys(guideTitles) as GuidePage[]

export const isGuide = (file: string): file is GuidePage => Object.hasOwn(guideTitles, file)

export const docsFiles = ['swagger-ui-bundle.js', 'swagger-ui.css', 'page.js', 'page.css'] as const
type DocsFile = (typeof docsFiles)[number]
type Fixed = ReturnType<typeof fixedContent>

/** The user types a key into this page: nothing is loaded from another origin or sent to one. */
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

const apis = ['all', 'native', 'mailsage'] as const
type Api = (typeof apis)[number]

const pages = Object.fromEntries(
  apis.map((api) => [api, pageOf(() => explorerHtml(api))]),
) as Record<Api, Fixed>
const files = Object.fromEntries(docsFiles.map((file) => [file, contentOf(file)])) as Record<
  DocsFile,
  Fixed
>
const guides: Partial<Record<GuidePage, Fixed>> = {}

/** The page that shows the API of one dialect or of all. */
export const docs = (api: Api, acceptEncoding: string | undefined): Content =>
  pages[api](acceptEncoding)

/** A page of docs/ as HTML, made when it is first requested. */
export async function guide(page: GuidePage, acceptEncoding: string | undefined): Promise<Content> {
  const { markdownToHtml } = await import('./markdown.ts')
  guides[page] ??= pageOf(() => guideHtml(page, markdownToHtml(guideText(page), docsPages)))
  return guides[page](acceptEncoding)
}

export const docsFile = (file: DocsFile, acceptEncoding: string | undefined): Content =>
  files[file](acceptEncoding)

function pageOf(html: () => string): Fixed {
  return fixedContent({
    type: 'text/html; charset=utf-8',
    make: html,
    headers: {
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
  })
}

function contentOf(file: DocsFile): Fixed {
  return fixedContent({
    type: `${file.endsWith('.css') ? 'text/css' : 'text/javascript'}; charset=utf-8`,
    make: () => bytesOf(file),
    headers: { 'cache-control': 'no-cache' },
  })
}

function bytesOf(file: DocsFile): Buffer | string {
  if (file === 'page.js') return docsScript
  if (file === 'page.css') return docsStyle
  return readFileSync(find(file, '../../node_modules/swagger-ui-dist'))
}

const guideText = (page: GuidePage): string =>
  readFileSync(find(`${page}.md`, '../../docs'), 'utf8')

/** Beside the built server, or in this folder of the repository when run from source. */
function find(file: string, sourceFolder: string): string {
  const found = ['../docs', sourceFolder]
    .map((folder) => join(import.meta.dirname, folder, file))
    .find((path) => existsSync(path))
  if (found) return found
  throw new Fault('not_found', 'The page is not built. Build it with “npm run build”.')
}
