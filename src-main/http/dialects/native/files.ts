import { Content } from '../../route.ts'

type DecodedPart = {
  readonly contentType: string
  readonly filename: string
  readonly bytes: Buffer
}

/** A part of a message to be saved; a browser that opens its address shows nothing of it. */
export function asFile({ contentType, filename, bytes }: DecodedPart): Content {
  return new Content(contentType, bytes, {
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
  })
}
