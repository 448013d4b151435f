/** A dot in a colour that the user chose; a class could not name it. */
export function ColorDot({ color }: { color: string }) {
  return (
    <svg viewBox="0 0 20 20" className="size-5 shrink-0" aria-hidden="true" focusable="false">
      <circle cx="10" cy="10" r="4.2" fill={color} />
    </svg>
  );
}
