import {
  AlignLeft,
  CodeXml,
  FileCode,
  Link2,
  ListTree,
  type LucideIcon,
  Paperclip,
  Route,
  Tags,
} from 'lucide-react'
import type { Tab } from '../message-parts.ts'

export const tabIcons: Readonly<Record<Tab, LucideIcon>> = {
  html: CodeXml,
  text: AlignLeft,
  source: FileCode,
  headers: Tags,
  attachments: Paperclip,
  links: Link2,
  structure: ListTree,
  delivery: Route,
}
