import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { BASE_URL } from './base-url.js';
import type { Person } from './users.js';

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

/** What global-setup.mjs has found, as chromium.launch takes it. */
const found = process.env['E2E_BROWSER'];

/** `describe` where there is a browser, else `describe.skip`. */
export const describeInBrowser = found === undefined ? describe.skip : describe;

/** Starts the browser; only within describeInBrowser. */
export function launchBrowser(): Promise<Browser> {
  const options = JSON.parse(found ?? '{}') as { executablePath: string; args: string[] };
  return chromium.launch({ ...options, headless: true });
}

/** One device of a person: its own cookies, storage and pages, and what went wrong in them. */
export interface Device {
  context: BrowserContext;
  page: Page;
  /** Console errors, uncaught exceptions and violations of the security policy. */
  complaints: string[];
}

/** Opens a device with one empty page. */
export async function newDevice(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Device> {
  const context = await browser.newContext({
    baseURL: BASE_URL,
    viewport: DESKTOP,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser reports each refused API call, also those that are meant to be refused.
    if (message.location().url.includes('/api/')) return;
    complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  return { context, page: await context.newPage(), complaints };
}

/** Signs in through the form; ends on the list of tasks. */
export async function signInOn(page: Page, person: Person): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('textbox', { name: 'Add a task' }).waitFor();
}

/** Writes a line into the box for new tasks and sends it. */
export async function quickAdd(page: Page, line: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Add a task' });
  await box.fill(line);
  await box.press('Enter');
}

/** The row of a task in the list. */
export function row(page: Page, title: string) {
  return page
    .getByRole('list', { name: 'Tasks' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: title, exact: true }) });
}
