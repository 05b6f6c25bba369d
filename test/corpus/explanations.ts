import { readHeaderBlock } from '../../src-main/mime/header-block.ts'
import { type MimePart, readStructure } from '../../src-main/mime/structure.ts'
import type { Field, Reading } from './reading.ts'

/** One field that MailSage and at least one of the other parsers read differently. */
export type Difference = {
  readonly path: string
  readonly field: Field
  readonly raw: Buffer
  readonly own: Reading
  /** Null: the parser refused the mail. */
  readonly postalMime: Reading | null
  readonly mailparser: Reading | null
}

type Explanation = {
  readonly kind: string
  readonly reason: string
  readonly explains: (difference: Difference) => boolean
}

const addressFields: readonly Field[] = ['from', 'to', 'cc']
const bodyFields: readonly Field[] = ['text', 'html', 'names', 'types', 'sizes']

/** The kinds of difference that are meant. The first that explains a difference counts. */
export const explanations: readonly Explanation[] = [
  {
    kind: 'postal-mime alone differs',
    reason: 'mailparser reads the same as MailSage.',
    explains: (one) => one.own[one.field] === one.mailparser?.[one.field],
  },
  {
    kind: 'mailparser alone differs',
    reason: 'postal-mime reads the same as MailSage.',
    explains: (one) => one.own[one.field] === one.postalMime?.[one.field],
  },
  {
    kind: 'local name',
    reason: 'A word alone is the address of a local user; the others take it for a name.',
    explains: (one) =>
      addressFields.includes(one.field) &&
      others(one).some((theirs) => asNames(ownValue(one)) === theirs),
  },
  {
    kind: 'words without an address',
    reason: 'A comment after a group or in an empty list is not a recipient.',
    explains: (one) =>
      addressFields.includes(one.field) &&
      others(one).some((theirs) => withoutEmpty(theirs) === ownValue(one)),
  },
  {
    kind: 'damaged address',
    reason:
      'RFC 5322 A.5 and A.6: comments, routes, and blanks around dots are read by the grammar.',
    explains: (one) =>
      addressFields.includes(one.field) && /[()]|@[^,<>]*[ :]|=\?/.test(rawAddresses(one)),
  },
  {
    kind: 'byte order mark',
    reason: 'A file may begin with one; the others take it for a part of the first field.',
    explains: ({ raw }) => raw.subarray(0, 3).toString('latin1') === '\u00ef\u00bb\u00bf',
  },
  {
    kind: 'high bytes',
    reason:
      'Bytes without a charset are guessed; the others show U+FFFD or two characters for one.',
    explains: (one) =>
      others(one).some(
        (theirs) =>
          /\ufffd|\u00ef\u00bf\u00bd/.test(theirs) && asciiOf(theirs) === asciiOf(ownValue(one)),
      ),
  },
  {
    kind: 'uncertain date',
    reason: 'A date whose day or zone is not certain is null; the others guess.',
    explains: (one) => one.field === 'date' && one.own.date === null,
  },
  {
    kind: 'long subject',
    reason: 'A subject is cut at 998 characters.',
    explains: (one) =>
      one.field === 'subject' &&
      one.own.subject.length > 900 &&
      others(one).every((theirs) => theirs.startsWith(one.own.subject)),
  },
  {
    kind: 'line that is no field',
    reason: 'It ends the header, as in Postfix and sendmail; the others skip it and read on.',
    explains: (one) => leavesOf(one.raw).some((part) => !endsWithEmptyLine(one.raw, part.start)),
  },
  {
    kind: 'safe file name',
    reason: 'Slashes and control characters are replaced, so that a file stays in its folder.',
    explains: (one) =>
      one.field === 'names' && others(one).some((theirs) => isSafeForm(ownValue(one), theirs)),
  },
  {
    kind: 'named text',
    reason: 'A text with a file name after the first text is an attachment; the others show it.',
    explains: (one) => bodyFields.includes(one.field) && leavesOf(one.raw).some(isNamedText),
  },
  {
    kind: 'multipart without parts',
    reason: 'Its bytes are shown as text, so that nothing is lost; the others show nothing.',
    explains: (one) =>
      bodyFields.includes(one.field) &&
      leavesOf(one.raw).some(({ parameters }) => parameters.boundary !== undefined),
  },
  {
    kind: 'multipart without a boundary',
    reason: 'Its bytes are shown as text, so that nothing is lost; the others show nothing.',
    explains: (one) =>
      bodyFields.includes(one.field) &&
      typesOf(one.raw).some((type) => /^multipart\//i.test(type)) &&
      leavesOf(one.raw).length === 1,
  },
  {
    kind: 'type that is not well-formed',
    reason: 'RFC 2045 §5.2: it is plain text; the others keep the words as the type of a file.',
    explains: (one) =>
      bodyFields.includes(one.field) && typesOf(one.raw).some((type) => !wellFormed.test(type)),
  },
  {
    kind: 'line ends',
    reason: 'A decoded file has its exact bytes; postal-mime rewrites the line ends of text.',
    explains: (one) =>
      one.field === 'sizes' && one.own.types === (one.postalMime ?? one.mailparser)?.types,
  },
]

const ownValue = ({ own, field }: Difference): string => own[field] ?? ''

const others = ({ postalMime, mailparser, field }: Difference): string[] =>
  [postalMime, mailparser].flatMap((reading) => reading?.[field] ?? [])

const asNames = (list: string): string => list.replace(/<([^<>@]+)>/g, '$1 <>')

const withoutEmpty = (list: string): string =>
  list
    .split(', ')
    .filter((one) => !one.endsWith('<>'))
    .join(', ')

const asciiOf = (text: string): string => text.replace(/[^!-~]+/g, '')

function rawAddresses({ raw, field }: Difference): string {
  const { fields } = readHeaderBlock(raw)
  const values = fields.filter(({ name }) => name.toLowerCase() === field)
  return values.map(({ value }) => value.replace(/<[^<>@()]*@[^<>@()\s]*>/g, '')).join(',')
}

function leavesOf(raw: Buffer): MimePart[] {
  const leaves = (part: MimePart): MimePart[] =>
    part.children.length === 0 ? [part] : part.children.flatMap(leaves)
  const root = readStructure(raw)
  return root.children.length === 0 ? [root] : [...leaves(root), { ...root, children: [] }]
}

function endsWithEmptyLine(raw: Buffer, start: number): boolean {
  const before = raw.toString('latin1', Math.max(0, start - 3), start)
  return (
    start === raw.length ||
    /(?:^|\n)\r?\n$/.test(before) ||
    raw.subarray(start, start + 2).toString() === '--'
  )
}

const isNamedText = ({ contentType, filename, disposition }: MimePart): boolean =>
  /^text\/(?:plain|html)$/.test(contentType) && filename !== null && disposition !== 'attachment'

const wellFormed = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/

const typesOf = (raw: Buffer): string[] =>
  [...raw.toString('latin1').matchAll(/^content-type:[ \t]*([^;\r\n]*)/gim)].map(([, type = '']) =>
    type.replace(/\([^()]*\)/g, '').trim(),
  )

function isSafeForm(own: string, theirs: string): boolean {
  const safe = theirs.replace(/\p{Cc}/gu, '').replace(/[\\/]/g, '_')
  return own === safe || own.split(' | ').every((name) => safe.includes(name.slice(0, 150)))
}
