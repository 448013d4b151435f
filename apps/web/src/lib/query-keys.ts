/** Names under which answers are cached; a shorter key stands for all that start with it. */
export const queryKeys = {
  tasks: ['tasks'],
  taskLists: ['tasks', 'list'],
  taskList: (query: Record<string, string>) => ['tasks', 'list', query],
  task: (id: string) => ['tasks', 'one', id],
  subtasks: (parentId: string) => ['tasks', 'list', { parent: parentId, sort: 'position' }],
  stats: ['tasks', 'stats'],
  projects: ['projects'],
  labels: ['labels'],
  profile: ['profile'],
  sessions: ['sessions'],
  apiTokens: ['api-tokens'],
  import: (id: string) => ['imports', id],
} as const;
