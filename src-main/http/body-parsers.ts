import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { GrowingBytes } from '../base/growing-bytes.ts'
import { Fault } from '../contract/faults.ts'
import { type BodyLimits, noBodyLimits } from './body-limits.ts'
import { readJson } from './json-body.ts'
import { createJsonMeter, type JsonMeter } from './json-meter.ts'
import { readBytes } from './message-body.ts'
import type { Pipeline } from './pipeline.ts'
import { receiveBody } from './request-body.ts'
import { releaseHolds } from './request-context.ts'

export const uploadType = 'application/octet-stream'
/** JSON is in memory as bytes, as text, and as the strings parsed from it. */
const jsonWeight = 3

/** Replaces Fastify's body parsers with those that count bytes in the budget. */
export function addBodyParsers(server: FastifyInstance, pipeline: Pipeline): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const meter = createJsonMeter(limitsOf(request))
    const bytes = await receive(pipeline, request, jsonWeight, meter)
    try {
      return readJson(request.headers, bytes.view())
    } finally {
      bytes.free()
    }
  })
  server.addContentTypeParser(uploadType, async (request: FastifyRequest, body: Readable) => {
    const { upload } = request.routeOptions.config as { readonly upload?: string }
    if (upload === uploadType) return body
    throw new Fault('unsupported_media_type', 'Send JSON, with “Content-Type: application/json”.')
  })
  server.addContentTypeParser('message/rfc822', async (request: FastifyRequest) =>
    readBytes(request.headers, (await receive(pipeline, request, 1, null)).view()),
  )
}

/** The body as bytes; their hold closes with the response. */
async function receive(
  { domain }: Pipeline,
  request: FastifyRequest,
  weight: number,
  meter: JsonMeter | null,
): Promise<GrowingBytes> {
  const { maxBytes } = limitsOf(request)
  const limits = { budget: domain.bytesUnderWay, maxBytes, weight, meter }
  const { bytes, hold } = await receiveBody(request.raw, limits)
  request.context.holds.push(hold)
  request.context.bytes = bytes
  // After the close event nothing else would release the hold.
  if (request.raw.socket.destroyed) releaseHolds(request)
  return bytes
}

const limitsOf = (request: FastifyRequest): BodyLimits =>
  (request.routeOptions.config as { readonly limits?: BodyLimits }).limits ?? noBodyLimits
