import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Download = { readonly ok: true } | { readonly ok: false; readonly reason: string }

const firstByteMs = 6_000
const silenceMs = 30_000
const lookEveryMs = 250

/**
 * Runs Electron's own installer, which knows mirrors, proxies and checksums but says nothing for
 * half a minute. So its temporary folder is watched: the bytes there are the progress, and none
 * after a few seconds means that there is no way to the download from here.
 */
export async function downloadElectron(
  packageFolder: string,
  say: (line: string) => void,
): Promise<Download> {
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) {
    return {
      ok: false,
      reason: 'ELECTRON_SKIP_BINARY_DOWNLOAD is set, so Electron is not downloaded',
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-electron-'))
  const installer = spawn(process.execPath, [join(packageFolder, 'install.js')], {
    env: {
      ...process.env,
      TMPDIR: folder,
      TEMP: folder,
      TMP: folder,
      ELECTRON_GET_NO_PROGRESS: '1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  installer.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const watch = watchDownload(installer, folder, say)
  const [code] = await once(installer, 'close')
  watch.stop()
  rmSync(folder, { recursive: true, force: true })
  if (code === 0) return { ok: true }
  const reason = watch.stalled() ? 'no answer from the server' : firstCause(complaint)
  return { ok: false, reason: `Electron could not be downloaded (${reason})` }
}

function watchDownload(installer: ChildProcess, folder: string, say: (line: string) => void) {
  let bytes = 0
  let lastGrowth = Date.now()
  let saidMegabytes = 0
  let stalled = false

  const timer = setInterval(() => {
    const now = sizeBytes(folder)
    const megabytes = Math.floor(now / 1_000_000)
    if (now !== bytes) lastGrowth = Date.now()
    bytes = now
    if (megabytes >= saidMegabytes + 5) {
      saidMegabytes = megabytes
      say(`Downloading Electron: ${megabytes} MB`)
    }
    // Once everything is here the installer unpacks it elsewhere, which is silence too.
    const patience = bytes === 0 && saidMegabytes === 0 ? firstByteMs : silenceMs
    if (Date.now() - lastGrowth < patience) return
    stalled = true
    installer.kill()
  }, lookEveryMs)

  return { stop: () => clearInterval(timer), stalled: () => stalled }
}

function sizeBytes(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  } catch {
    // The installer moves files while we look; the next look will count them.
    return 0
  }
}

/** The innermost reason of a printed error: `ENOTFOUND github.com` says more than `fetch failed`. */
function firstCause(complaint: string): string {
  const causes = complaint.split('\n').filter((line) => /Error:/.test(line))
  const last = causes.at(-1) ?? complaint.trim().split('\n')[0] ?? 'no reason given'
  return last
    .replace(/^.*?Error:\s*/, '')
    .replace(/\s*\{$/, '')
    .trim()
}
