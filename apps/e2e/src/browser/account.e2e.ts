import type { Browser } from 'playwright-core';
import { Profile } from '@primetrade/contracts';
import sharp from 'sharp';
import {
  describeInBrowser,
  type Device,
  launchBrowser,
  newDevice,
  signInOn,
} from '../support/browser.js';
import { until } from '../support/poll.js';
import { totpCode } from '../support/totp.js';
import { freshEmail, freshPassword, newUser, signIn } from '../support/users.js';

describeInBrowser('the account in a browser', () => {
  let browser: Browser;
  let device: Device;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    device = await newDevice(browser);
  });
  afterEach(async () => {
    await device.context.close();
    expect(device.complaints).toEqual([]);
  });
  afterAll(() => browser.close());

  it('is made from the landing page, left, and entered again', async () => {
    const { page } = device;
    const person = { email: freshEmail(), password: freshPassword() };
    await page.goto('/');
    await page.getByRole('link', { name: 'Create an account' }).first().click();
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('Email').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('textbox', { name: 'Add a task' }).waitFor();
    // The account counts its days where the browser is.
    const client = await signIn(person);
    const zone = async () => (await client.get(Profile, '/api/v1/profile')).timeZone;
    await until('the time zone', async () => (await zone()) === 'Europe/Berlin');
    await page.reload();
    await page.getByRole('textbox', { name: 'Add a task' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL((url) => url.pathname !== '/tasks');
    await page.goto('/tasks');
    await page.waitForURL(/\/login/);
    await page.getByLabel('Email').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('textbox', { name: 'Add a task' }).waitFor();
  });

  it('says what is wrong with a sign-up and a sign-in, and keeps what was typed', async () => {
    const { page } = device;
    const taken = await newUser();
    await page.goto('/register');
    await page.getByLabel('Name').fill('Eve');
    await page.getByLabel('Email').fill(taken.email);
    await page.getByLabel('Password', { exact: true }).fill(freshPassword());
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('An account with this email address exists already').waitFor();
    expect(await page.getByLabel('Email').inputValue()).toBe(taken.email);
    await page.goto('/login');
    await page.getByLabel('Email').fill(taken.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('The email address or the password is wrong').waitFor();
    expect(await page.getByLabel('Email').inputValue()).toBe(taken.email);
  });

  it('signs out everywhere at once when its session is ended elsewhere', async () => {
    const { page } = device;
    const person = await newUser();
    await signInOn(page, person);
    const { items } = JSON.parse(
      (await person.client.expect(200, 'GET', '/api/v1/auth/sessions')).text,
    ) as { items: { id: string; current: boolean }[] };
    const theirs = items.find(({ current }) => !current)!;
    await person.client.remove(`/api/v1/auth/sessions/${theirs.id}`);
    await page.waitForURL(/\/login/);
  });

  it('changes name, picture and theme', async () => {
    const { page } = device;
    const person = await newUser('Before');
    await signInOn(page, person);
    await page.getByRole('link', { name: /^Profile of/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('After');
    await page.getByLabel('Theme').selectOption('dark');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('Profile saved').waitFor();
    expect(await person.client.get(Profile, '/api/v1/profile')).toMatchObject({
      name: 'After',
      theme: 'dark',
    });
    const theme = () => page.evaluate<string>('document.documentElement.dataset.theme ?? "none"');
    expect(await theme()).toBe('dark');
    await page.reload();
    expect(await theme()).toBe('dark');
    await page.locator('input[type=file]').setInputFiles({
      name: 'me.png',
      mimeType: 'image/png',
      buffer: await sharp({
        create: { width: 400, height: 300, channels: 3, background: '#0f766e' },
      })
        .png()
        .toBuffer(),
    });
    await page.getByText('Change the picture').waitFor();
    await until('the picture to be drawn', () =>
      page.evaluate<boolean>(
        `document.querySelector('img[src*="/api/v1/profile/avatars/"]')?.naturalWidth > 0`,
      ),
    );
  });

  it('turns on two-factor sign-in and signs in with it', async () => {
    const { page } = device;
    const person = await newUser();
    await signInOn(page, person);
    await page.goto('/profile');
    await page.getByRole('button', { name: 'Set up two-factor sign-in' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password', { exact: true }).fill(person.password);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
    const secret = (await dialog.locator('code').innerText()).replaceAll(/\s/g, '');
    await dialog.getByLabel('Code', { exact: true }).fill(totpCode(secret, -1));
    await dialog.getByRole('button', { name: 'Turn on two-factor sign-in' }).click();
    const codes = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await codes.first().waitFor();
    expect(await codes.count()).toBe(10);
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByRole('button', { name: 'Turn off two-factor sign-in' }).waitFor();

    const other = await newDevice(browser);
    await other.page.goto('/login');
    await other.page.getByLabel('Email').fill(person.email);
    await other.page.getByLabel('Password', { exact: true }).fill(person.password);
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.getByLabel('Code', { exact: true }).fill(totpCode(secret));
    await other.page.getByRole('button', { name: 'Verify' }).click();
    await other.page.getByRole('textbox', { name: 'Add a task' }).waitFor();
    await other.context.close();
    expect(other.complaints).toEqual([]);
  });
});
