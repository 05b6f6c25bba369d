/** The logo: an envelope with a leaf vein as its flap. */
export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" className="shrink-0">
      <rect width="24" height="24" rx="6" className="fill-[#4b8a68]" />
      <rect x="5" y="6.500" width="14" height="11" rx="1.700" className="fill-[#f4f9f6]" />
      <path
        d="M5.600 8.300c2 4 4.100 5.200 6.400 5.200s4.400-1.200 6.400-5.200"
        fill="none"
        strokeWidth="1.500"
        strokeLinecap="round"
        className="stroke-[#4b8a68]"
      />
    </svg>
  )
}
