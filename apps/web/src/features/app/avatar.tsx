/** A person's picture, or the first letter of their name. */
export function Avatar({
  name,
  url,
  className = 'size-7 text-xs',
}: {
  name: string;
  url: string | null;
  className?: string;
}) {
  if (url !== null) {
    return (
      // An image of our own API at its final size: there is nothing to optimise.
      <img src={url} alt="" className={`shrink-0 rounded-full object-cover ${className}`} />
    );
  }
  return (
    <span
      aria-hidden="true"
      className={`flex shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent ${className}`}
    >
      {[...name.trim()][0]?.toUpperCase() ?? '?'}
    </span>
  );
}
