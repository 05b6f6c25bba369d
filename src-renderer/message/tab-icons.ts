import {
  AlignLeft,
  CodeXml,
  FileCode,
  Info,
  Link2,
  ListTree,
  type LucideIcon,
  Paperclip,
  Route,
  Tags,
} from 'lucide-react'
import type { tabNames } from './labels.ts'

export const tabIcons: Readonly<Record<keyof typeof tabNames, LucideIcon>> = {
  html: CodeXml,
  text: AlignLeft,
  source: FileCode,
  headers: Tags,
  attachments: Paperclip,
  links: Link2,
  structure: ListTree,
  delivery: Route,
  details: Info,
}
