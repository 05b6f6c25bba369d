import type { Relay } from '../../../src-main/contract/relays.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { relaysLabels } from './labels.ts'
import { presets } from './presets.ts'
import { type StepProps, TextField } from './text-field.tsx'

const methods = [
  { value: 'password', label: relaysLabels.signIn.password },
  { value: 'oauth2', label: relaysLabels.signIn.oauth2 },
  { value: 'none', label: relaysLabels.signIn.none },
] as const

type SignInStepProps = StepProps & { relay: Relay | null; presetId: string }

export function SignInStep({ relay, presetId, ...step }: SignInStepProps) {
  const { form, onChange } = step
  const preset = presets.find(({ id }) => id === presetId)
  return (
    <>
      <div>
        <p className="mb-1 font-medium text-sm">{relaysLabels.signIn.method}</p>
        <Segmented
          label={relaysLabels.signIn.method}
          value={form.auth}
          options={methods}
          onChange={(auth) => onChange({ auth })}
        />
      </div>
      {form.auth !== 'none' && (
        <TextField
          {...step}
          name="username"
          label={relaysLabels.signIn.userName}
          hint={preset?.usernameHint}
          isMono
        />
      )}
      {form.auth === 'password' && (
        <TextField
          {...step}
          name="password"
          label={relaysLabels.signIn.passwordField}
          type="password"
          hint={preset?.passwordHint}
          {...(relay?.has_password ? { placeholder: relaysLabels.unchanged } : {})}
        />
      )}
      {form.auth === 'oauth2' && (
        <>
          <TextField {...step} name="clientId" label={relaysLabels.signIn.clientId} isMono />
          <div className="grid grid-cols-2 gap-3">
            <TextField
              {...step}
              name="clientSecret"
              label={relaysLabels.signIn.clientSecret}
              type="password"
              {...(relay?.oauth2 ? { placeholder: relaysLabels.unchanged } : {})}
            />
            <TextField
              {...step}
              name="refreshToken"
              label={relaysLabels.signIn.refreshToken}
              type="password"
              {...(relay?.oauth2 ? { placeholder: relaysLabels.unchanged } : {})}
            />
          </div>
          <TextField
            {...step}
            name="accessUrl"
            label={relaysLabels.signIn.tokenUrl}
            placeholder="https://…"
            hint={relaysLabels.signIn.tokenUrlHint}
            isMono
          />
        </>
      )}
      <TextField
        {...step}
        name="from"
        label={relaysLabels.signIn.sender}
        placeholder="noreply@example.com"
        hint={relaysLabels.signIn.senderHint}
      />
    </>
  )
}
