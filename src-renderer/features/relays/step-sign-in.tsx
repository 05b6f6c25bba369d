import type { Relay } from '../../../src-main/contract/relays.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { presets } from './presets.ts'
import { type StepProps, TextField } from './text-field.tsx'

const ways = [
  { value: 'password', label: 'User name and password' },
  { value: 'oauth2', label: 'OAuth2' },
  { value: 'none', label: 'No sign-in' },
] as const

type StepHowProps = StepProps & { relay: Relay | null; presetId: string }

export function StepHow({ relay, presetId, ...step }: StepHowProps) {
  const { form, onChange } = step
  const preset = presets.find(({ id }) => id === presetId)
  const kept = 'Unchanged'
  return (
    <>
      <div>
        <p className="mb-1 font-medium text-sm">Sign in with</p>
        <Segmented
          label="Sign in with"
          value={form.auth}
          options={ways}
          onChange={(auth) => onChange({ auth })}
        />
      </div>
      {form.auth !== 'none' && (
        <TextField {...step} name="username" label="User name" hint={preset?.usernameHint} isMono />
      )}
      {form.auth === 'password' && (
        <TextField
          {...step}
          name="password"
          label="Password"
          type="password"
          hint={preset?.passwordHint}
          {...(relay?.has_password ? { placeholder: kept } : {})}
        />
      )}
      {form.auth === 'oauth2' && (
        <>
          <TextField {...step} name="clientId" label="Client id" isMono />
          <div className="grid grid-cols-2 gap-3">
            <TextField
              {...step}
              name="clientSecret"
              label="Client secret"
              type="password"
              {...(relay?.oauth2 ? { placeholder: kept } : {})}
            />
            <TextField
              {...step}
              name="refreshToken"
              label="Refresh token"
              type="password"
              {...(relay?.oauth2 ? { placeholder: kept } : {})}
            />
          </div>
          <TextField
            {...step}
            name="accessUrl"
            label="Token address"
            placeholder="https://…"
            hint="Where MailSage gets an access token with the refresh token."
            isMono
          />
        </>
      )}
      <TextField
        {...step}
        name="from"
        label="Sender"
        placeholder="noreply@example.com"
        hint="For sends that name no sender of their own."
      />
    </>
  )
}
