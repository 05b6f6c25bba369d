import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { programName } from './dist-linux.ts'

/** zstd is read by every dpkg since Debian 12 and Ubuntu 18.04; xz takes minutes for little less. */
const compressionLevels = { small: 12, quick: 1 } as const

type DebOptions = {
  readonly root: string
  /** The unpacked app. */
  readonly unpacked: string
  readonly file: string
  readonly compression: keyof typeof compressionLevels
}

const home = '/opt/MailSage'

/** A Debian package by dpkg-deb alone: the app in /opt, a command, a menu entry and its types. */
export function makeDeb({ root, unpacked, file, compression }: DebOptions): void {
  const tree = `${file}.tree`
  rmSync(tree, { recursive: true, force: true })
  cpSync(unpacked, join(tree, home), { recursive: true })
  chmodSync(join(tree, home, 'chrome-sandbox'), 0o4755)
  write(tree, 'usr/share/applications/mailsage-desktop.desktop', desktopEntry)
  write(tree, 'usr/share/mime/packages/mailsage.xml', mimeType)
  write(tree, 'usr/share/doc/mailsage/copyright', readFileSync(join(root, 'LICENSE'), 'utf8'))
  for (const size of readSizes(root)) {
    const icon = join(tree, `usr/share/icons/hicolor/${size}/apps/mailsage.png`)
    mkdirSync(dirname(icon), { recursive: true })
    cpSync(join(root, 'resources/icons', `${size}.png`), icon)
  }
  mkdirSync(join(tree, 'usr/bin'), { recursive: true })
  symlinkSync(`${home}/${programName}`, join(tree, 'usr/bin', programName))
  write(tree, 'DEBIAN/control', control(root, kibibytes(tree)))
  for (const script of ['postinst', 'postrm']) write(tree, `DEBIAN/${script}`, refreshMenus, 0o755)
  const packing = ['-Zzstd', `-z${compressionLevels[compression]}`]
  run('dpkg-deb', ['--root-owner-group', ...packing, '--build', tree, file])
  rmSync(tree, { recursive: true })
}

function control(root: string, installedKib: number): string {
  const { version, description } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Readonly<Record<'version' | 'description', string>>
  const fields = {
    Package: 'mailsage',
    Version: version,
    Section: 'devel',
    Priority: 'optional',
    Architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    Maintainer: 'MailSage contributors <maintainers@mailsage.example>',
    'Installed-Size': String(installedKib),
    Depends: 'libc6, libgtk-3-0 | libgtk-3-0t64, libnss3, libasound2 | libasound2t64, libgbm1',
    Recommends: 'libnotify4, libsecret-1-0, xdg-utils',
    Description: `Local email API and SMTP relay\n ${description}`,
  }
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n`
}

const desktopEntry = `[Desktop Entry]
Type=Application
Name=MailSage
GenericName=Email for development
Comment=A local email API and SMTP relay
Exec=${home}/${programName} %U
Icon=mailsage
Terminal=false
Categories=Development;
Keywords=email;smtp;inbox;api;
MimeType=message/rfc822;x-scheme-handler/mailsage;
StartupWMClass=MailSage
`

const mimeType = `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="message/rfc822">
    <comment>Email message</comment>
    <glob pattern="*.eml"/>
  </mime-type>
</mime-info>
`

const refreshMenus = `#!/bin/sh
set -e
for tool in "update-desktop-database -q /usr/share/applications" \\
  "update-mime-database /usr/share/mime" \\
  "gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor"; do
  if command -v "\${tool%% *}" >/dev/null 2>&1; then $tool || true; fi
done
`

function readSizes(root: string): string[] {
  return readdirSync(join(root, 'resources/icons')).map((name) => name.replace(/\.png$/, ''))
}

function write(tree: string, path: string, text: string, mode = 0o644): void {
  const file = join(tree, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { mode })
}

function kibibytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  const bytes = files
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  return Math.ceil(bytes / 1024)
}

function run(command: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`)
}
