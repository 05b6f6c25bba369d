import {
  File,
  FileArchive,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  Folder,
  type LucideIcon,
  Mail,
} from 'lucide-react'

const icons: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^multipart\//, Folder],
  [/^image\//, FileImage],
  [/^message\//, Mail],
  [/csv|spreadsheet|excel/, FileSpreadsheet],
  [/zip|tar|compressed|archive/, FileArchive],
  [/json|xml|javascript|html|calendar/, FileCode],
  [/^text\/|pdf|word|document/, FileText],
]

export function partIcon(contentType: string): LucideIcon {
  return icons.find(([pattern]) => pattern.test(contentType))?.[1] ?? File
}
