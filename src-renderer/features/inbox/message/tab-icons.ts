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

export const tabIcons: Readonly<Record<Tab, { readonly name: string; readonly icon: LucideIcon }>> =
  {
    html: { name: 'HTML', icon: CodeXml },
    text: { name: 'Text', icon: AlignLeft },
    source: { name: 'Source', icon: FileCode },
    headers: { name: 'Headers', icon: Tags },
    attachments: { name: 'Attachments', icon: Paperclip },
    links: { name: 'Links', icon: Link2 },
    structure: { name: 'Structure', icon: ListTree },
    delivery: { name: 'Delivery', icon: Route },
  }
