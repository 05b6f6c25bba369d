import { accessSync, constants, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** The commands of a workflow, one a line. */
const commandsOf = (workflow: string): string[] =>
  [...read(workflow).matchAll(/^ *(?:- )?run: (.+)$/gm)].map(([, command = '']) => command)

describe('The workflows', () => {
  const workflows = ['.github/workflows/ci.yml', '.github/workflows/release.yml']

  it.each(workflows)('%s runs scripts and files that exist', (workflow) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const commands = commandsOf(workflow)
    expect(commands.length).toBeGreaterThan(0)
    for (const [, script = ''] of commands.join('\n').matchAll(/npm run (\S+)/g)) {
      expect(Object.keys(scripts)).toContain(script)
    }
    for (const command of commands.filter((one) => one.startsWith('.'))) {
      expect(() => accessSync(join(root, command), constants.X_OK)).not.toThrow()
    }
  })

  it('CI runs the one script that runs everything', () => {
    expect(commandsOf('.github/workflows/ci.yml')).toEqual(['.ci/run'])
  })

  it.each(workflows)('%s has only permission to read the code by default', (workflow) => {
    expect(read(workflow)).toMatch(/^permissions:\n {2}contents: read$/m)
  })

  it('A release uploads every package that is built', () => {
    const uploaded = [...read('.github/workflows/release.yml').matchAll(/dist\/\*\.(\S+)/g)]
    const endings = uploaded.map(([, ending]) => ending)
    expect(endings).toEqual(['AppImage', 'deb', 'rpm', 'tar.gz', 'dmg', 'zip', 'exe'])
    const builder = read('electron-builder.yml')
    expect(builder).toContain('target: [AppImage, deb, rpm, tar.gz]')
    for (const target of ['dmg', 'zip', 'nsis']) expect(builder).toContain(`target: ${target}\n`)
  })
})

describe('The packages', () => {
  it('The packages disable every feature of Electron that the app does not use', () => {
    const [, fuses = ''] =
      /^electronFuses:\n((?: {2}.+\n)+)/m.exec(read('electron-builder.yml')) ?? []
    expect(fuses.trim().split(/\n */)).toEqual([
      'runAsNode: false',
      'enableCookieEncryption: true',
      'enableNodeOptionsEnvironmentVariable: false',
      'enableNodeCliInspectArguments: false',
      'enableEmbeddedAsarIntegrityValidation: true',
      'onlyLoadAppFromAsar: true',
      'grantFileProtocolExtraPrivileges: false',
    ])
  })

  it.each([16, 24, 32, 48, 64, 128, 256, 512, 1024])(
    'The packages have an icon of %i pixels',
    (size) => {
      const png = readFileSync(join(root, `resources/icons/${size}x${size}.png`))
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size])
    },
  )
})
