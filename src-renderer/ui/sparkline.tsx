type Point = { readonly good: number; readonly bad: number }

type SparklineProps = { label: string; points: readonly Point[]; height?: number }

const gap = 0.25

/** Bars over time without axes: what went well, and on top of it what did not. */
export function Sparkline({ label, points, height = 48 }: SparklineProps) {
  const most = Math.max(1, ...points.map(({ good, bad }) => good + bad))
  const scale = (value: number) => (value / most) * height
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, points.length)} ${height}`}
      preserveAspectRatio="none"
      className="block w-full border-line border-b"
      style={{ height }}
    >
      {points.map(({ good, bad }, index) => (
        // Their place is all that tells them apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: bars are never reordered
        <g key={index}>
          <rect
            x={index + gap / 2}
            width={1 - gap}
            y={height - scale(good)}
            height={scale(good)}
            fill="var(--color-outcome-ok)"
          />
          <rect
            x={index + gap / 2}
            width={1 - gap}
            y={height - scale(good + bad)}
            height={scale(bad)}
            fill="var(--color-outcome-error)"
          />
        </g>
      ))}
    </svg>
  )
}
