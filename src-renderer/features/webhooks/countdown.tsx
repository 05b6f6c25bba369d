import { useEffect, useState } from 'react'
import { webhooksLabels } from './labels.ts'

/** The remaining time, updated every second. */
export function Countdown({ to }: { to: string }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return <span className="figures">{formatLeft(Date.parse(to) - now)}</span>
}

function formatLeft(ms: number): string {
  if (ms <= 0) return webhooksLabels.countdownEnd
  const seconds = Math.ceil(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`
}
