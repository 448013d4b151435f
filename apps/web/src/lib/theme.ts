import type { Theme } from '@primetrade/contracts';
import { THEME_KEY } from './early-script';

/** Shows the page in a theme and remembers it for the next page's first paint. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // Without storage the theme is applied again once the profile is read.
  }
}
