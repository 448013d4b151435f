import { RetryBudget } from './retry-budget.js';

let time: number;
let budget: RetryBudget;
beforeEach(() => {
  time = 1_000;
  budget = new RetryBudget(() => time);
});

function spendAll(): number {
  let spent = 0;
  while (budget.spend()) spent += 1;
  return spent;
}

it('allows ten at first and ten in each second, however few requests there are', () => {
  expect(spendAll()).toBe(10);
  time += 500;
  expect(spendAll()).toBe(5);
  time += 60_000;
  expect(spendAll()).toBe(10);
});

it('allows one in ten requests beyond that', () => {
  for (let n = 0; n < 500; n += 1) budget.earn();
  expect(spendAll()).toBe(60);
  for (let n = 0; n < 25; n += 1) budget.earn();
  expect(spendAll()).toBe(2);
});

it('saves up a hundred at most', () => {
  for (let n = 0; n < 100_000; n += 1) budget.earn();
  time += 3_600_000;
  expect(budget.left).toBe(100);
});
