import Link from 'next/link';
import { Mark } from './icons';

/** The name of the product, as a link home. */
export function Wordmark({ href = '/' }: { href?: string }) {
  return (
    <Link
      href={href}
      className="inline-flex items-center gap-2.5 rounded-md text-[1.0625rem] font-semibold tracking-[-0.02em]"
    >
      <Mark />
      PrimeTrade
    </Link>
  );
}
