import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import {
  DESKTOP,
  describeInBrowser,
  launchBrowser,
  newDevice,
  PHONE,
  row,
  signInOn,
} from '../support/browser.js';
import { addProject, addTasks } from '../support/tasks.js';
import { newUser, type Person } from '../support/users.js';

const LOOKS = [
  ['light', 'desktop', DESKTOP],
  ['dark', 'desktop', DESKTOP],
  ['light', 'phone', PHONE],
  ['dark', 'phone', PHONE],
] as const;

/** A person whose list shows everything that a list can show. */
async function personWithTasks(): Promise<Person> {
  const person = await newUser();
  const project = await addProject(person.client, 'A project with a rather long name for a phone');
  await addTasks(person.client, [
    { title: 'x'.repeat(500), priority: 'urgent', labels: ['one', 'two', 'three', 'l'.repeat(50)] },
    { title: 'Late', dueAt: '2020-01-01T09:00:00Z', priority: 'high', projectId: project.id },
    { title: 'Begun', status: 'in_progress', priority: 'medium', dueAt: '2040-01-01T09:00:00Z' },
    { title: 'Described', description: '# Heading\n\n- [ ] item\n\n`code`', priority: 'low' },
    { title: 'Done', status: 'done' },
  ]);
  return person;
}

/** The violations of WCAG A and AA that keep people out. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // Colours are judged as they end up, not half-way through an animation.
  await page.evaluate(
    'Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})))',
  );
  const results = await page.evaluate<axe.AxeResults>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/**
 * What reaches out of the screen at the right. The page's own width does not tell: a body that hides
 * what overflows cuts it off all the same.
 */
const CUT_OFF = `
  (() => {
    const isCut = (element) => {
      const { right, width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && right > document.documentElement.clientWidth + 1;
    };
    const isContained = (element) => {
      for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
        if (getComputedStyle(box).overflowX !== 'visible' && !isCut(box)) return true;
      }
      return false;
    };
    return [...document.body.querySelectorAll('*')]
      .filter((element) => isCut(element) && !isContained(element))
      .map((element) => element.outerHTML.slice(0, 160));
  })()`;

async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(CUT_OFF);
}

/** Every page, and the states of it that look different; each is left as the next expects it. */
const VIEWS: readonly (readonly [name: string, show: (page: Page) => Promise<void>])[] = [
  ['tasks', (page) => row(page, 'Late').waitFor()],
  [
    'tasks with filters',
    async (page) => {
      await page.getByRole('button', { name: /^Filter/ }).click();
      await page.getByLabel('Priority').waitFor();
    },
  ],
  [
    'a task',
    async (page) => {
      await page.getByRole('button', { name: 'Described', exact: true }).click();
      await page.getByRole('dialog', { name: 'Edit task' }).getByLabel('Title').waitFor();
    },
  ],
  [
    'import and export',
    async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      const menu = page.getByRole('button', { name: 'Menu', exact: true });
      if (await menu.isVisible()) await menu.click();
      await page.getByRole('button', { name: 'Import and export' }).click();
      await page.getByRole('dialog', { name: 'Import and export' }).waitFor();
    },
  ],
  [
    'the trash',
    async (page) => {
      await page.goto('/tasks?trash=true');
      await page.getByText('The trash is empty').waitFor();
    },
  ],
  [
    'the profile',
    async (page) => {
      await page.goto('/profile');
      await page.getByLabel('Time zone').waitFor();
      await page.getByText('This session').waitFor();
    },
  ],
];

const OPEN_PAGES = [
  ['/', 'Write it the way'],
  ['/login', 'Sign in'],
  ['/register', 'Create'],
  ['/no/such/page', ''],
] as const;

describeInBrowser.each(LOOKS)('pages, %s on a %s', (colorScheme, _device, viewport) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  const look = { colorScheme, viewport, reducedMotion: 'reduce' } as const;

  it('that anyone may see keep the policy, fit the screen and shut nobody out', async () => {
    const { context, page, complaints } = await newDevice(browser, look);
    const found: Record<string, unknown> = {};
    for (const [path, text] of OPEN_PAGES) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1, name: text }).waitFor();
      found[path] = [await violations(page), await cutOff(page)];
    }
    await context.close();
    expect(found).toEqual(Object.fromEntries(OPEN_PAGES.map(([path]) => [path, [[], []]])));
    expect(complaints.filter((line) => !line.includes('/no/such/page'))).toEqual([]);
  }, 60_000);

  it('of the app keep the policy, fit the screen and shut nobody out', async () => {
    const person = await personWithTasks();
    const { context, page, complaints } = await newDevice(browser, look);
    await signInOn(page, person);
    const found: Record<string, unknown> = {};
    for (const [name, show] of VIEWS) {
      await show(page);
      found[name] = [await violations(page), await cutOff(page)];
    }
    await context.close();
    expect(found).toEqual(Object.fromEntries(VIEWS.map(([name]) => [name, [[], []]])));
    expect(complaints).toEqual([]);
  }, 90_000);
});
