import {
  type ApiToken,
  CreatedApiToken,
  ImportJob,
  Label,
  type Project,
  type Session,
  SessionList,
  type Task,
} from '@primetrade/contracts';
import { addProject, addTask, TASKS } from './tasks.js';
import { newUser, type Person, signIn } from './users.js';

/** A person with one of everything that belongs to a person. */
export interface Owner extends Person {
  task: Task;
  trashed: Task;
  project: Project;
  label: Label;
  importJob: ImportJob;
  apiToken: ApiToken;
  /** A session beside the one of `client`. */
  session: Session;
}

export async function newOwner(): Promise<Owner> {
  const person = await newUser();
  const { client } = person;
  await signIn(person);
  const { items } = await client.get(SessionList, '/api/v1/auth/sessions');
  const trashed = await addTask(client, { title: 'Thrown away' });
  await client.remove(`${TASKS}/${trashed.id}`);
  const upload = await client.expect(202, 'POST', `${TASKS}/import`, {
    body: 'title\nImported\n',
    headers: { 'content-type': 'text/csv' },
  });
  return {
    ...person,
    trashed,
    task: await addTask(client, { title: 'Owned' }),
    project: await addProject(client, 'Owned project'),
    label: await client.post(Label, '/api/v1/labels', { name: 'owned label' }),
    importJob: ImportJob.parse(JSON.parse(upload.text)),
    apiToken: await client.post(CreatedApiToken, '/api/v1/auth/tokens', {
      name: 'owned',
      scopes: ['tasks:read'],
    }),
    session: items.find(({ current }) => !current)!,
  };
}
