import { readdirSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const windowPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves the window to a browser. A route per file, for hundreds of files, would slow each start. */
export async function serveStaticUi(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
    serve: false,
    setHeaders(reply, path) {
      reply.header('content-security-policy', windowPolicy)
      reply.header('x-content-type-options', 'nosniff')
      reply.header('referrer-policy', 'no-referrer')
      // Stops DNS lookups of message links before a click.
      reply.header('x-dns-prefetch-control', 'off')
      const isHashed = path.includes('/assets/')
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const serve = (url: string, fileOf: (rest: string) => string) =>
    server.route<{ Params: { '*'?: string } }>({
      method: ['GET', 'HEAD'],
      url,
      handler: ({ params }, reply) => reply.sendFile(fileOf(params['*'] ?? '')),
    })
  serve('/', () => 'index.html')
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry
    if (entry.isFile()) serve(`/${name}`, () => name)
    else serve(`/${name}/*`, (rest) => `${name}/${rest}`)
  }
}
