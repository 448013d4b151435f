'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { filtersFrom, pathOf, type TaskFilters } from '../task-filters';

/** The filters in the page's address, and how to change them without leaving the page. */
export function useFilters(): {
  filters: TaskFilters;
  change: (part: Partial<TaskFilters>) => void;
} {
  const search = useSearchParams();
  return useMemo(() => {
    const filters = filtersFrom(new URLSearchParams(search.toString()));
    return {
      filters,
      change: (part) => history.replaceState(null, '', pathOf({ ...filters, ...part })),
    };
  }, [search]);
}

/** The task whose details are open, by the page's address; opening one can be gone back from. */
export function useOpenTask(): {
  openId: string | null;
  open: (id: string) => void;
  close: () => void;
} {
  const search = useSearchParams();
  return useMemo(() => {
    const withTask = (id: string | null) => {
      const changed = new URLSearchParams(search.toString());
      if (id === null) changed.delete('task');
      else changed.set('task', id);
      const query = changed.toString();
      return query === '' ? '/tasks' : `/tasks?${query}`;
    };
    return {
      openId: search.get('task'),
      open: (id) => history.pushState({ openedHere: true }, '', withTask(id)),
      close: () => history.replaceState(null, '', withTask(null)),
    };
  }, [search]);
}
