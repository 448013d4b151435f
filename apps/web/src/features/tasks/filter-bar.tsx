'use client';

import type { TaskSort } from '@primetrade/contracts';
import { useEffect, useId, useRef, useState } from 'react';
import { FilterIcon, SearchIcon } from '../../components/icons';
import { useLabels, useProjects } from '../../lib/hooks/use-tasks';
import {
  DUE_CHOICES,
  DUE_NAMES,
  narrowingCount,
  NO_FILTERS,
  PRIORITIES,
  PRIORITY_NAMES,
  SORT_NAMES,
  STATUS_NAMES,
  STATUSES,
  type DueChoice,
  type TaskFilters,
} from '../../lib/task-filters';

interface FilterBarProps {
  filters: TaskFilters;
  change: (part: Partial<TaskFilters>) => void;
}

/** Long enough not to ask at every letter, short enough to feel at once. */
const SEARCH_PAUSE_MS = 250;

function Select(props: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, name: string])[];
  onValue: (value: string) => void;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-faint">
        {props.label}
      </label>
      <select
        id={id}
        className="control control-small"
        value={props.value}
        onChange={(event) => props.onValue(event.target.value)}
      >
        {props.options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function SearchBox({ filters, change }: FilterBarProps) {
  const [words, setWords] = useState(filters.q);
  const asked = useRef(filters.q);
  useEffect(() => {
    // The address changed by itself: another view, or a step back.
    if (filters.q !== asked.current) {
      asked.current = filters.q;
      setWords(filters.q);
    }
  }, [filters.q]);
  useEffect(() => {
    if (words === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = words;
      change({ q: words });
    }, SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words, change]);
  return (
    <div role="search" className="relative min-w-28 flex-1">
      <SearchIcon className="pointer-events-none absolute top-1/2 left-2.5 size-4.5 -translate-y-1/2 text-faint" />
      <input
        id="search-tasks"
        type="search"
        className="control control-small min-h-9 pl-9"
        aria-label="Search tasks"
        placeholder="Search"
        maxLength={200}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
    </div>
  );
}

/** Search, order and filters of the list. */
export function FilterBar({ filters, change }: FilterBarProps) {
  const [open, setOpen] = useState(false);
  const { data: projects = [] } = useProjects();
  const { data: labels = [] } = useLabels();
  const sortId = useId();
  const count = narrowingCount(filters);
  if (filters.trash) {
    return (
      <p className="mt-2 mb-3 text-sm text-muted">
        Deleted tasks stay here for 30 days, then they are gone for good.
      </p>
    );
  }
  return (
    <div className="mt-6 mb-2">
      <div className="flex items-center gap-2">
        <SearchBox filters={filters} change={change} />
        <label htmlFor={sortId} className="sr-only">
          Sort by
        </label>
        <div className="w-34 shrink-0 sm:w-36">
          <select
            id={sortId}
            className="control control-small min-h-9"
            value={filters.sort}
            onChange={(event) => change({ sort: event.target.value as TaskSort })}
          >
            {Object.entries(SORT_NAMES).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <button
          type="button"
          className="button button-secondary button-small min-h-9"
          aria-expanded={open}
          aria-controls="filters"
          onClick={() => setOpen(!open)}
        >
          <FilterIcon className="size-4.5" />
          <span className="sr-only sm:not-sr-only">Filters</span>
          {count > 0 && (
            <span className="rounded-full bg-accent px-1.5 text-xs text-on-accent tabular-nums">
              {count}
              <span className="sr-only"> active</span>
            </span>
          )}
        </button>
      </div>
      {open && (
        <fieldset
          id="filters"
          className="mt-2.5 grid animate-[rise_140ms_var(--ease-out)] grid-cols-2 gap-3 rounded-lg border border-line bg-surface p-3.5 sm:grid-cols-5"
        >
          <legend className="sr-only">Filters</legend>
          <Select
            label="Status"
            value={filters.status}
            options={[
              ['open', 'Open'],
              ...STATUSES.map((status) => [status, STATUS_NAMES[status]] as const),
              ['all', 'All'],
            ]}
            onValue={(status) => change({ status: status as TaskFilters['status'] })}
          />
          <Select
            label="Priority"
            value={filters.priority ?? ''}
            options={[
              ['', 'Any'],
              ...PRIORITIES.map((priority) => [priority, PRIORITY_NAMES[priority]] as const),
            ]}
            onValue={(priority) =>
              change({ priority: PRIORITIES.find((choice) => choice === priority) ?? null })
            }
          />
          <Select
            label="Due"
            value={filters.due}
            options={DUE_CHOICES.map((due) => [due, DUE_NAMES[due]] as const)}
            onValue={(due) => change({ due: due as DueChoice })}
          />
          <Select
            label="Project"
            value={filters.project ?? ''}
            options={[
              ['', 'Any'],
              ['none', 'None'],
              ...projects.map(({ id, name }) => [id, name] as const),
            ]}
            onValue={(project) => change({ project: project || null })}
          />
          <Select
            label="Label"
            value={filters.label ?? ''}
            options={[['', 'Any'], ...labels.map(({ name }) => [name, name] as const)]}
            onValue={(label) => change({ label: label || null })}
          />
          {(count > 0 || filters.q !== '') && (
            <button
              type="button"
              className="button button-quiet button-small col-span-full justify-self-start"
              onClick={() => change({ ...NO_FILTERS, sort: filters.sort })}
            >
              Clear filters
            </button>
          )}
        </fieldset>
      )}
    </div>
  );
}
