import type { ReactNode } from 'react';
import { AppProviders } from '../../features/app/app-providers';

export default function AppLayout({ children }: { children: ReactNode }) {
  return <AppProviders>{children}</AppProviders>;
}
