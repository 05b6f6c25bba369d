import { Content } from '../../route.ts'

type DecodedPart = {
  readonly contentType: string
  readonly filename: string
  readonly bytes: Buffer
}

/** A message part as a download, which a browser never displays. */
export function asFile({ contentType, filename, bytes }: DecodedPart): Content {
  return new Content(contentType, bytes, {
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
  })
}
