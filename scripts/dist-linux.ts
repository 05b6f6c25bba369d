import { chmodSync, cpSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { bundleApp } from './dist-bundle.ts'
import { findElectron, isElectron } from './electron.ts'
import { testElectronFolder } from './offline-electron/stage-electron.ts'

export const programName = 'mailsage-desktop'

type Found = { readonly folder: string; readonly driver: string; readonly title: string }

/** The app with an Electron around it, in `folder`, ready to be started or packed. */
export async function makeUnpacked(
  root: string,
  folder: string,
  say: (line: string) => void,
): Promise<{ readonly title: string }> {
  const { folder: electron, driver, title } = await electronAtHand(root, say)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  cpSync(electron, folder, { recursive: true })
  for (const extra of ['driver', 'version', 'resources/default_app.asar']) {
    rmSync(join(folder, extra), { recursive: true, force: true })
  }
  keepEnglish(folder)
  renameSync(join(folder, 'electron'), join(folder, programName))
  chmodSync(join(folder, 'chrome-sandbox'), 0o4755)
  await bundleApp(root, join(folder, 'resources/app'), driver)
  await closeDoors(join(folder, programName))
  return { title }
}

/**
 * As electron-builder.yml closes them, but for the two about the archive: packing one takes a tool
 * that the project does not depend on, so the app lies here as a folder.
 */
async function closeDoors(program: string): Promise<void> {
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  })
}

async function electronAtHand(root: string, say: (line: string) => void): Promise<Found> {
  const found = await findElectron({ root, forTests: false, say })
  if (isElectron(found)) {
    const { program, title } = found
    return { folder: dirname(program), driver: join(root, 'node_modules'), title }
  }
  say(`${found.reason}; packing the Electron that tests use`)
  const folder = await testElectronFolder(say)
  return { folder, driver: join(folder, 'driver'), title: 'Electron 33.2.1, made for tests' }
}

/** The window speaks English; so do the few words that Chromium adds. */
function keepEnglish(folder: string): void {
  const locales = join(folder, 'locales')
  for (const name of readdirSync(locales)) {
    if (name !== 'en-US.pak') rmSync(join(locales, name))
  }
}
