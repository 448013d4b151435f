import fc from 'fast-check';
import { CreateTaskRequest, LoginRequest, RegisterRequest, TaskListQuery } from './index.js';

describe('text fields', () => {
  it('refuse what PostgreSQL cannot store and trim the rest', () => {
    expect(CreateTaskRequest.safeParse({ title: 'a\0b' }).success).toBe(false);
    expect(CreateTaskRequest.safeParse({ title: 'a\ud800b' }).success).toBe(false);
    expect(CreateTaskRequest.safeParse({ title: '   ' }).success).toBe(false);
    expect(CreateTaskRequest.parse({ title: ' a ' }).title).toBe('a');
  });

  it('never throw, whatever comes in', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const schema of [CreateTaskRequest, RegisterRequest, LoginRequest, TaskListQuery]) {
          schema.safeParse(value);
        }
      }),
    );
  });
});

describe('RegisterRequest', () => {
  it('lowers the email address and leaves the password alone', () => {
    const parsed = RegisterRequest.parse({
      email: ' Ada@Example.ORG ',
      password: ' with spaces ',
      name: 'Ada',
    });
    expect(parsed).toEqual({ email: 'ada@example.org', password: ' with spaces ', name: 'Ada' });
  });

  it.each(['7 chars', 'x'.repeat(129)])('refuses a password of the wrong length', (password) => {
    const request = { email: 'ada@example.org', password, name: 'Ada' };
    expect(RegisterRequest.safeParse(request).success).toBe(false);
  });

  it.each(['12345678', 'aaaaaaaa', '        ', 'пароль 密码', '🔑'.repeat(64)])(
    'takes a password of any characters: %s',
    (password) => {
      const request = { email: 'ada@example.org', password, name: 'Ada' };
      expect(RegisterRequest.parse(request).password).toBe(password);
    },
  );
});

describe('TaskListQuery', () => {
  it('has the documented defaults', () => {
    expect(TaskListQuery.parse({})).toEqual({ limit: 20, sort: '-createdAt', trash: 'false' });
  });

  it('takes lists by comma or by repetition', () => {
    expect(TaskListQuery.parse({ status: 'todo,done' }).status).toEqual(['todo', 'done']);
    expect(TaskListQuery.parse({ status: ['todo', 'done'] }).status).toEqual(['todo', 'done']);
  });

  it.each([{ limit: '0' }, { limit: '101' }, { limit: '1.5' }, { status: 'nope' }, { sort: 'id' }])(
    'refuses %j',
    (query) => expect(TaskListQuery.safeParse(query).success).toBe(false),
  );
});

describe('labels of a task', () => {
  it('are one each, without regard to case', () => {
    expect(
      CreateTaskRequest.parse({ title: 'x', labels: ['Home', 'home', 'Work'] }).labels,
    ).toEqual(['home', 'Work']);
  });
});
