'use client';

import { useEffect, useId, useRef, type ReactNode } from 'react';
import { CloseIcon } from './icons';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** `sheet` fills the phone and stands at the right edge elsewhere; `box` is centred. */
  shape?: 'box' | 'sheet';
  /** Buttons that stay in view at the bottom. */
  footer?: ReactNode;
  /** Called instead of closing, when there is something to lose. */
  confirmClose?: () => boolean;
}

const SHAPES = {
  box: 'max-h-[min(90dvh,46rem)] w-[min(34rem,calc(100vw-2rem))] rounded-xl border border-line animate-[rise_160ms_var(--ease-out)]',
  sheet:
    'mr-0 h-dvh max-h-none w-full max-w-none sm:w-[33rem] sm:border-l border-line animate-[slide-in_180ms_var(--ease-out)]',
};

/**
 * A modal dialog: the native element keeps the focus inside, closes on Escape and gives the focus
 * back to where it was.
 */
export function Dialog({
  title,
  onClose,
  children,
  shape = 'box',
  footer,
  confirmClose,
}: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    // Opening moves the focus to the first button; a form says where it belongs instead.
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const close = () => {
    if (confirmClose?.() !== false) onClose();
  };

  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      className={`overflow-hidden bg-surface p-0 shadow-float backdrop:bg-[rgb(8_14_11/0.45)] backdrop:animate-[fade_160ms] ${SHAPES[shape]}`}
      onCancel={(event) => {
        // A file chooser inside the dialog sends its own cancel event upwards.
        if (event.target !== element.current) return;
        event.preventDefault();
        close();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) close();
      }}
    >
      <div className="flex h-full max-h-[inherit] flex-col">
        <header className="flex items-center justify-between gap-4 border-b border-line py-2.5 pr-2.5 pl-5">
          <h2 id={titleId} className="text-base font-semibold">
            {title}
          </h2>
          <button
            type="button"
            className="button button-quiet button-icon"
            aria-label="Close"
            onClick={close}
          >
            <CloseIcon />
          </button>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-5">{children}</div>
        {footer && (
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
            {footer}
          </footer>
        )}
      </div>
    </dialog>
  );
}
