import type { TaskPriority } from '@primetrade/contracts';
import { CheckIcon } from '../../components/icons';

const RINGS: Record<TaskPriority, string> = {
  urgent: 'border-danger bg-danger-soft',
  high: 'border-high bg-high-soft',
  medium: 'border-info bg-info-soft',
  low: 'border-edge',
  none: 'border-edge',
};

/** The round checkbox of a task; its ring has the colour of the task's priority. */
export function TaskCheckbox(props: {
  title: string;
  priority: TaskPriority;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="relative flex size-11 shrink-0 items-center justify-center">
      <input
        type="checkbox"
        className={`peer size-5 appearance-none rounded-full border-[1.75px] transition-colors checked:border-accent checked:bg-accent hover:border-accent ${RINGS[props.priority]}`}
        aria-label={`Complete ${props.title}`}
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <CheckIcon
        className="pointer-events-none absolute size-3.5 text-on-accent opacity-0 transition-opacity peer-checked:opacity-100"
        strokeWidth="2.6"
      />
    </label>
  );
}
