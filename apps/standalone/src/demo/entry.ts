import type { TaskPriority, TaskStatus } from '@primetrade/contracts';

/** A task of the demo account, with its due time relative to the day on which it is created. */
export interface Entry {
  title: string;
  /** Days from today; negative is past. */
  due?: number;
  /** Local time on that day, as hours and minutes; by default 9:00. */
  at?: [number, number];
  priority?: TaskPriority;
  /** Without one, what is past is done and the rest is to do. */
  status?: TaskStatus;
  labels?: string[];
  /** Markdown. */
  notes?: string;
  /** Subtasks, in order; done ones begin with `x `. */
  steps?: string[];
}

/** A task that comes again at a fixed interval, before and after today. */
export interface Recurring {
  /** May use the day on which it falls due. */
  title: (day: Date) => string;
  /** Days in between, or the first of every month. */
  every: number | 'month';
  /** The first and the last time, in days from today, or in months from this one. */
  from: number;
  to: number;
  at?: [number, number];
  priority?: TaskPriority;
  labels?: string[];
  notes?: string;
}

export interface DemoProject {
  name: string;
  color: string;
  entries: Entry[];
  recurring?: Recurring[];
}
