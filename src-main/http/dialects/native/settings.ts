import { Settings, SettingsChange } from '../../../contract/settings.ts'
import { route } from '../../route.ts'

export const settingsRoutes = {
  'GET /v1/settings': route({
    summary: 'Settings of this installation',
    permission: '*',
    mode: 'both',
    reply: Settings,
    handle: ({ domain }) => domain.settings.read(),
  }),
  'PATCH /v1/settings': route({
    summary: 'Change the settings that need no restart, and the ports of the next start',
    permission: '*',
    mode: 'live',
    body: SettingsChange,
    reply: Settings,
    faults: ['conflict'],
    handle: ({ body, caller, domain }) => domain.settings.change(caller, body),
  }),
}
