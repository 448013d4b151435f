'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getTask, listLabels, listProjects, listTasks, taskStats } from '../api/tasks';
import { queryKeys } from '../query-keys';

/** The tasks that answer a question to the API, page by page. */
export function useTaskList(query: Record<string, string>) {
  return useInfiniteQuery({
    queryKey: queryKeys.taskList(query),
    queryFn: ({ pageParam, signal }) => listTasks(query, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useTask(id: string) {
  return useQuery({
    queryKey: queryKeys.task(id),
    queryFn: ({ signal }) => getTask(id, signal),
  });
}

export function useProjects() {
  return useQuery({
    queryKey: queryKeys.projects,
    queryFn: ({ signal }) => listProjects(signal),
  });
}

export function useLabels() {
  return useQuery({ queryKey: queryKeys.labels, queryFn: ({ signal }) => listLabels(signal) });
}

export function useTaskStats() {
  return useQuery({ queryKey: queryKeys.stats, queryFn: ({ signal }) => taskStats(signal) });
}
