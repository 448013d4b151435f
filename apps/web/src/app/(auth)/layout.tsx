import type { ReactNode } from 'react';
import { Wordmark } from '../../components/wordmark';

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col px-5">
      <header className="py-5 sm:px-3">
        <Wordmark />
      </header>
      <main className="mx-auto flex w-full max-w-[25rem] flex-1 flex-col justify-center pt-4 pb-24">
        {children}
      </main>
    </div>
  );
}
