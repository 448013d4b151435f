import { InvalidArgumentError } from 'commander';
import { durationOf } from './fields.js';

/** Parsers of options that more than one command has. */

/** `150ms`, `15s`, `2m`, `7d` or `0`, in seconds. */
export function durationOption(text: string): number {
  const seconds = durationOf(text);
  if (seconds === null) {
    throw new InvalidArgumentError('It is not a time such as 150ms, 15s, 2m, 1h or 7d.');
  }
  return seconds;
}

export function numberOption(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It is not a number.');
  return value;
}

/** `2,20` */
export function rangeOption(text: string): { min: number; max: number } {
  const [, min, max] = /^(\d+),(\d+)$/.exec(text) ?? [];
  if (max === undefined || Number(max) < Math.max(1, Number(min))) {
    throw new InvalidArgumentError('It is not two numbers in order, such as 2,20.');
  }
  return { min: Number(min), max: Number(max) };
}

/** A date such as 2026-11-24T08:00:00Z, or seconds since 1970; in seconds since 1970. */
export function timeOption(text: string): number {
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (!Number.isFinite(time)) {
    throw new InvalidArgumentError('It is not a time such as 2026-11-24T08:00:00Z.');
  }
  return time;
}
