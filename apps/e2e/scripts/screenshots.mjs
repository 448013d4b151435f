/**
 * Makes the pictures of the documentation: starts PrimeTrade with the demo account on a database of
 * its own and photographs it into docs/images. Run it through npm, which brings Node 24:
 * `npm exec -- node apps/e2e/scripts/screenshots.mjs`.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { launch, temporaryFolder } from '../src/support/running-app.ts';

const IMAGES = resolve(import.meta.dirname, '../../../docs/images');
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };

async function photograph(page, name) {
  await page.evaluate('document.fonts.ready');
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  await sharp(picture).png({ palette: true, quality: 95, effort: 10 }).toFile(join(IMAGES, name));
  process.stdout.write(`docs/images/${name}\n`);
}

async function signIn(context, { email, password }) {
  const page = await context.newPage();
  await page.goto('/login');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('list', { name: 'Tasks' }).waitFor();
  return page;
}

async function takePictures(browser, baseURL, account) {
  const open = (viewport, deviceScaleFactor) =>
    browser.newContext({
      baseURL,
      viewport,
      deviceScaleFactor,
      locale: 'en-GB',
      reducedMotion: 'reduce',
    });

  const desktop = await open(DESKTOP, 1.5);
  const landing = await desktop.newPage();
  await landing.goto('/');
  await landing.getByRole('heading', { level: 1 }).waitFor();
  await photograph(landing, 'landing.png');

  const page = await signIn(desktop, account);
  await page.getByRole('link', { name: 'Next 7 days' }).click();
  await page.getByRole('heading', { level: 1, name: 'Next 7 days' }).waitFor();
  await page
    .getByRole('textbox', { name: 'Add a task' })
    .fill('Call the dentist friday 10am !high @phone #Home');
  await photograph(page, 'tasks.png');

  await page.goto('/profile');
  await page.getByText('This session').waitFor();
  await photograph(page, 'profile.png');

  const phone = await signIn(await open(PHONE, 2), account);
  await photograph(phone, 'tasks-phone.png');
}

mkdirSync(IMAGES, { recursive: true });
const folder = temporaryFolder();
const app = await launch({ dataDir: folder.path, args: ['--demo'] });
try {
  await app.started();
  const [, email, password] = /sign in as (\S+) with the password (\S+)/.exec(app.output);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    await takePictures(browser, app.url, { email, password });
  } finally {
    await browser.close();
  }
} finally {
  await app.stop();
  folder.remove();
}
