import {
  ImageOff,
  Monitor,
  Moon,
  ShieldCheck,
  Smartphone,
  Sun,
  SunMoon,
  Tablet,
} from 'lucide-react'
import type { MessageView } from '../../src-main/contract/messages.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Load } from '../ui/load.ts'
import { Empty, Failure } from '../ui/notice.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useFrameScale } from './frame-scale.ts'
import { messageLabels } from './labels.ts'
import { RemoteBar } from './remote-bar.tsx'
import { SandboxedFrame } from './sandboxed-frame.tsx'
import { chooseView, type Scheme, useViewChoices } from './view-choices.ts'

const icon = (of: typeof Sun) => <Icon of={of} size={14} />

const widthOptions = [
  { value: 'phone', label: icon(Smartphone), hint: messageLabels.phone },
  { value: 'tablet', label: icon(Tablet), hint: messageLabels.tablet },
  { value: 'full', label: icon(Monitor), hint: messageLabels.fullWidth },
] as const

const schemeOptions = [
  { value: 'light', label: icon(Sun), hint: messageLabels.light },
  { value: 'dark', label: icon(Moon), hint: messageLabels.dark },
  { value: 'forced', label: icon(SunMoon), hint: messageLabels.forcedDark },
] as const

type HtmlViewProps = {
  hasHtml: boolean
  /** The address for which remote content is allowed. */
  sender: string
  view: Load<MessageView>
  isRemoteAllowed: boolean
  onAllowRemote: (isAllowed: boolean) => void
  onScheme: (scheme: Scheme) => void
  onRetry: () => void
  onShowText: () => void
  /** The frame has loaded. */
  onShown?: () => void
}

/** The sandboxed HTML of a message, at a chosen width and colour scheme. */
export function HtmlView(props: HtmlViewProps) {
  const { view, sender, isRemoteAllowed, onAllowRemote, onScheme } = props
  const { width, scheme } = useViewChoices()
  const { observe, box, frame, percent } = useFrameScale(width)
  if (!props.hasHtml) {
    return (
      <Empty icon={ImageOff} title={messageLabels.noHtml}>
        <p>{messageLabels.noHtmlAdvice}</p>
        <Button className="mt-4" onClick={props.onShowText}>
          {messageLabels.showText}
        </Button>
      </Empty>
    )
  }
  if (view.status === 'failed') return <Failure failure={view.failure} onRetry={props.onRetry} />
  const isDark = scheme !== 'light'
  const shown = view.status === 'ready' ? view.value : null
  const hasNoDark = shown && scheme === 'dark' && !shown.dark_styles
  return (
    <div className="flex h-full flex-col bg-sunken">
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b bg-canvas px-5">
        <span className="flex min-w-0 flex-1 items-center gap-2 text-ink-faint">
          <Icon of={ShieldCheck} size={14} className="shrink-0" />
          <span className="truncate">
            {hasNoDark ? messageLabels.noDarkStyles : messageLabels.scriptsOff}
            {percent < 100 && messageLabels.zoom(percent)}
          </span>
        </span>
        <Segmented
          label={messageLabels.colours}
          value={scheme}
          onChange={onScheme}
          options={schemeOptions}
        />
        <Segmented
          label={messageLabels.width}
          value={width}
          onChange={(next) => chooseView({ width: next })}
          options={widthOptions}
        />
      </div>
      {shown?.remote_content && (
        <RemoteBar
          sender={sender}
          view={shown}
          isAllowed={isRemoteAllowed}
          onAllow={onAllowRemote}
        />
      )}
      <div ref={observe} className="m-3 min-h-0 flex-1 overflow-hidden">
        <div
          className={`mx-auto h-full overflow-hidden rounded-lg border border-line ${isDark ? 'bg-paper-dark' : 'bg-paper'}`}
          style={box}
        >
          {shown && (
            <SandboxedFrame
              url={shown.url}
              isDark={scheme === 'dark'}
              style={frame}
              onShown={props.onShown}
            />
          )}
        </div>
      </div>
    </div>
  )
}
